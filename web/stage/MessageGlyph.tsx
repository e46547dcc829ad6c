/** A message on its way: family as shape, type as letters, the sender's epoch as fill. */
import { memo, type ReactElement } from 'react';
import { hueOf } from '../../src/view/epoch.ts';
import type { Family, MessagePicture } from '../../src/view/message-picture.ts';

interface Props {
  readonly message: MessagePicture;
  readonly angle: number;
}

/** A packet never changes on its way; only what holds it, and the page's size, do. */
export const MessageGlyph = memo(
  Glyph,
  (a, b) => a.message.key === b.message.key && a.message.held === b.message.held && a.angle === b.angle,
);

function Glyph({ message, angle }: Props): ReactElement {
  const { family, code, epoch, held, title, detail } = message;
  return (
    <g className={`message ${family} ${held === null ? '' : 'held'} hue-${family === 'client' ? 0 : hueOf(epoch)}`}>
      <Shape family={family} angle={angle} isWide={code.length > 1} />
      {code !== '' && <text y={3.5}>{code}</text>}
      <title>{`${title}${held === null ? '' : held === 'rule' ? ' (held)' : ' (held by a partition)'}${detail === '' ? '' : `\n${detail}`}`}</title>
    </g>
  );
}

/** The same shapes serve the legend. */
export function Shape({
  family,
  angle,
  isWide,
}: {
  readonly family: Family;
  readonly angle: number;
  readonly isWide: boolean;
}): ReactElement {
  switch (family) {
    case 'election':
      return <path d="M-8 -9.5L11.5 0L-8 9.5Z" transform={`rotate(${angle})`} />;
    case 'discovery':
      return <path d="M0 -12.5L12.5 0L0 12.5L-12.5 0Z" />;
    case 'sync':
      return <rect x={isWide ? -13 : -7} y={-8} width={isWide ? 26 : 14} height={16} rx={2} />;
    case 'broadcast':
      return isWide ? <rect x={-12} y={-9} width={24} height={18} rx={9} /> : <circle r={9.5} />;
    case 'client':
      return <rect x={-11} y={-8.5} width={22} height={17} rx={4.5} />;
    case 'ping':
      return <circle r={2.5} />;
    default:
      return <circle r={9} />;
  }
}
