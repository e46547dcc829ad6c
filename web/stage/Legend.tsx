/** What the shapes of messages mean; folded away until asked for. */
import type { ReactElement } from 'react';
import type { Family } from '../../src/view/message-picture.ts';
import { Shape } from './MessageGlyph.tsx';

const FAMILIES: readonly (readonly [family: Family, code: string, text: string])[] = [
  ['election', 'N', 'election: a vote (notification)'],
  ['discovery', 'FI', 'discovery: FOLLOWERINFO, LEADERINFO, ACKEPOCH'],
  ['sync', 'DF', 'synchronisation: DIFF, TRUNC, SNAP, NEWLEADER, UPTODATE'],
  ['broadcast', 'P', 'broadcast: PROPOSAL, ACK, COMMIT, INFORM, REQUEST'],
  ['client', 'OP', 'client: operations, replies, events'],
];

interface Props {
  readonly showsPings: boolean;
  readonly onPings: (shows: boolean) => void;
}

export function Legend({ showsPings, onPings }: Props): ReactElement {
  return (
    <details className="legend">
      <summary>Legend</summary>
      <ul>
        {FAMILIES.map(([family, code, text]) => (
          <li key={family}>
            <svg width="30" height="26" viewBox="-15 -13 30 26" aria-hidden="true">
              <g className={`message ${family} hue-0`}>
                <Shape family={family} angle={0} isWide={code.length > 1} />
                <text y={3.5}>{code}</text>
              </g>
            </svg>
            {text}
          </li>
        ))}
      </ul>
      <p>
        Hexagon with a crown: LEADING. Circle: FOLLOWING. Dashed circle: OBSERVING. Diamond: LOOKING. Cross: down. The fill of a server, and
        of what it sends, is its epoch; a dashed red outline is a message that something holds back.
      </p>
      <label className="check">
        <input type="checkbox" checked={showsPings} onChange={(event) => onPings(event.target.checked)} /> Show pings
      </label>
    </details>
  );
}
