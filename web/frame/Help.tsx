/** The keys, and what is what. It does not block the page. */
import { useEffect, useRef, type ReactElement } from 'react';
import { Icon } from '../icons.tsx';
import { update, useStore } from '../store/store.ts';

const KEYS: readonly (readonly [keys: readonly string[], text: string])[] = [
  [['Space'], 'play, pause'],
  [['←', '→'], 'one event back, forward'],
  [['Shift', '← →'], 'one event of the selected server'],
  [['P', 'N'], 'previous, next event of the story'],
  [['['], 'slower'],
  [[']'], 'faster'],
  [['1', '…', '9'], 'select a server'],
  [['Enter'], 'on a server: what can be done to it'],
  [['C'], 'to the console'],
  [['Esc'], 'close what is open'],
  [['?'], 'this help'],
];

export function Help(): ReactElement {
  const isOpen = useStore((state) => state.isHelpOpen);
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (isOpen) dialog.current?.show();
    else dialog.current?.close();
  }, [isOpen]);
  const close = (): void => update((draft) => void (draft.isHelpOpen = false));
  return (
    <dialog ref={dialog} className="help" aria-labelledby="help-title" onClose={close}>
      <div className="panel-head">
        <h2 id="help-title">Help</h2>
        <button type="button" className="plain" aria-label="Close help" onClick={close}>
          <Icon name="close" />
        </button>
      </div>
      <p>
        A ZooKeeper ensemble runs in this page, simulated event by event. Play it, stop it anywhere, step through it and look inside. Click
        a server, a client or a line between two of them to do something to it. The same scenario, seed and clicks always make the same run;
        the address in your browser names it.
      </p>
      <table>
        <caption className="hidden">Keys</caption>
        <tbody>
          {KEYS.map(([keys, text]) => (
            <tr key={text}>
              <th scope="row">
                {keys.map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </th>
              <td>{text}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p>Acting in the past begins a branch; the run it leaves is kept and can be chosen again.</p>
    </dialog>
  );
}
