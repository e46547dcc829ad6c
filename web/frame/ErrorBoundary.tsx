/** A page that fails says so, and keeps the address that leads back to the run. */
import { Component, type ReactNode } from 'react';

interface Props {
  readonly children: ReactNode;
}

export class ErrorBoundary extends Component<Props, { readonly error: Error | null }> {
  override state: { readonly error: Error | null } = { error: null };

  static getDerivedStateFromError(error: Error): { readonly error: Error } {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return (
      <main className="failure">
        <h1>Zablab has failed to draw its page</h1>
        <p>This is a bug in Zablab. The address still names the run, so reloading shows the same moment again.</p>
        <pre>{`${error.name}: ${error.message}`}</pre>
        <button type="button" className="primary" onClick={() => location.reload()}>
          Reload
        </button>
      </main>
    );
  }
}
