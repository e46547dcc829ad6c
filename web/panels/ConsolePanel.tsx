/** A client's console: operations in zkCli's syntax, and what the client was told. */
import { useEffect, useRef, useState, type KeyboardEvent, type ReactElement, type SubmitEvent } from 'react';
import { EXAMPLE_COMMANDS } from '../../src/client/zkcli-examples.ts';
import { shortTime } from '../../src/view/time-text.ts';
import { rove } from '../doors/rove.ts';
import type { NodeInfo } from '../protocol.ts';
import { act, goTo, play, refresh } from '../run/controller.ts';
import { getState, update, useStore } from '../store/store.ts';

const EXAMPLES: readonly string[] = [
  'create /a hello',
  'get -w /a',
  'set /a world',
  'ls -R /',
  'create -e -s /lock-',
  'addWatch /a',
  'multi { set /a 1; create /b }',
  'getAcl /a',
  'deleteall /a',
];

export function ConsolePanel(): ReactElement {
  const run = useStore((state) => state.run);
  const node = useStore((state) => state.consoleNode);
  const clients = run?.nodes.filter(({ kind }) => kind === 'client') ?? [];
  const name = clients.find((client) => client.node === node)?.name ?? '';
  if (clients.length === 0) {
    return <p className="empty">This scenario has no client. Add “clients: [alice]” to it in the Scenario tab, or open another one.</p>;
  }
  return (
    <div className="console">
      <ClientPicker clients={clients} node={node} />
      <Lines name={name} />
      <Prompt name={name} />
    </div>
  );
}

function ClientPicker({ clients, node }: { readonly clients: readonly NodeInfo[]; readonly node: number }): ReactElement {
  const choose = (chosen: number): void => {
    update((draft) => void (draft.consoleNode = chosen));
    refresh();
  };
  return (
    <label className="field">
      Client
      <select value={node} onChange={(event) => choose(Number(event.target.value))}>
        {clients.map((client) => (
          <option key={client.node} value={client.node}>
            {client.name}
          </option>
        ))}
      </select>
    </label>
  );
}

function Lines({ name }: { readonly name: string }): ReactElement {
  const lines = useStore((state) => state.consoleLines);
  const end = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (lines.length > 0) end.current?.scrollIntoView({ block: 'nearest' });
  }, [lines]);
  return (
    <ol className="console-lines" aria-label={`What ${name} asked and was told`}>
      {lines.map((line, i) => (
        <li key={`${line.event}-${line.call}-${line.kind}-${i}`} className={line.kind} ref={i === lines.length - 1 ? end : null}>
          <button
            type="button"
            tabIndex={i === lines.length - 1 ? 0 : -1}
            onKeyDown={rove}
            onClick={() => goTo(line.event)}
            title={`event ${line.event}`}
          >
            <time>{shortTime(line.at)}</time>
            <span>{line.text}</span>
          </button>
        </li>
      ))}
    </ol>
  );
}

function Prompt({ name }: { readonly name: string }): ReactElement {
  const error = useStore((state) => state.consoleError);
  const [text, setText] = useState('');
  const past = useRef<{ entries: string[]; at: number }>({ entries: [], at: 0 });

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const command = text.trim();
    if (command === '') return;
    const problem = await act(name, command);
    update((draft) => void (draft.consoleError = problem ?? ''));
    if (problem !== null) return;
    past.current.entries.push(command);
    past.current.at = past.current.entries.length;
    setText('');
    // The answer needs time to come.
    if (!getState().isPlaying) play();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
    const { entries } = past.current;
    past.current.at = Math.min(entries.length, Math.max(0, past.current.at + (event.key === 'ArrowUp' ? -1 : 1)));
    setText(entries[past.current.at] ?? '');
    event.preventDefault();
  };

  return (
    <form onSubmit={(event) => void submit(event)}>
      <label className="prompt">
        <span className="hidden">Operation for {name}</span>
        <span aria-hidden="true">{name}&gt;</span>
        <input
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKeyDown}
          placeholder="create /a hello"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          aria-invalid={error !== ''}
          aria-describedby="console-error"
        />
        <button type="submit">Run</button>
      </label>
      <output id="console-error" className="error">
        {error}
      </output>
      <Examples commands={EXAMPLES} choose={setText} />
      <details>
        <summary>All commands</summary>
        <Examples commands={EXAMPLE_COMMANDS} choose={setText} />
      </details>
    </form>
  );
}

function Examples({
  commands,
  choose,
}: {
  readonly commands: readonly string[];
  readonly choose: (command: string) => void;
}): ReactElement {
  return (
    <p className="examples">
      {commands.map((command) => (
        <button key={command} type="button" onClick={() => choose(command)}>
          {command}
        </button>
      ))}
    </p>
  );
}
