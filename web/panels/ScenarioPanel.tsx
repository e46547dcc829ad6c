/** The scenario's text, to read, change and run. */
import { useState, type ReactElement } from 'react';
import { openRun } from '../run/controller.ts';
import { useStore } from '../store/store.ts';

export function ScenarioPanel(): ReactElement {
  const text = useStore((state) => state.scenario.text);
  return <Editor key={text} />;
}

function Editor(): ReactElement {
  const scenario = useStore((state) => state.scenario);
  const run = useStore((state) => state.run);
  const clicks = useStore((state) => state.clicks);
  const [text, setText] = useState(scenario.text);
  const isChanged = text !== scenario.text;
  return (
    <div className="scenario">
      {run !== null && run.about !== '' && <p>{run.about}</p>}
      {run !== null && (
        <p className="muted">
          preset {run.preset}
          {run.mutations.length > 0 ? `, with ${run.mutations.join(', ')}` : ''}
        </p>
      )}
      <label className="text-field">
        <span>Scenario (YAML)</span>
        <textarea value={text} onChange={(event) => setText(event.target.value)} spellCheck={false} rows={18} wrap="off" />
      </label>
      <div className="actions">
        <button
          type="button"
          className="primary"
          onClick={() =>
            void openRun({
              id: isChanged ? null : scenario.id,
              text,
              seed: isChanged ? null : (run?.seed ?? null),
              event: null,
              clicks: [],
              plays: true,
            })
          }
        >
          {isChanged ? 'Run this text' : 'Run again'}
        </button>
        {isChanged && (
          <button type="button" onClick={() => setText(scenario.text)}>
            Undo changes
          </button>
        )}
      </div>
      {clicks.length > 0 && (
        <>
          <h3>Your clicks, as lines of a script</h3>
          <ul className="clicks">
            {clicks.map(({ after, at, line }, i) => (
              <li key={`${after}-${i}`}>
                <code>
                  - {line} <span className="muted"># at {Math.round(at / 1000)} ms</span>
                </code>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
