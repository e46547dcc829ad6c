/** A server: role as shape and icon, epoch as fill, both in words below. */
import type { ReactElement } from 'react';
import { hueOf } from '../../src/view/epoch.ts';
import type { ServerPicture } from '../../src/view/server-picture.ts';
import type { LabelPlace, Placement, Point } from './geometry.ts';

interface Props {
  readonly server: ServerPicture;
  readonly at: Point;
  readonly label: LabelPlace;
  readonly placement: Placement;
  readonly isSelected: boolean;
}

export function ServerShape({ server, at, label, placement, isSelected }: Props): ReactElement {
  const { radius, words } = placement;
  const { role, name, paused, serving } = server;
  const isDown = role === 'down' || role === 'off';
  return (
    <g transform={`translate(${at.x} ${at.y})`} className={`server ${role} ${serving ? 'serving' : 'not-serving'}`}>
      {isSelected && <circle r={radius + 7} className="selection" />}
      <g className={isDown ? 'shape none' : `shape hue-${hueOf(server.epoch)}`}>
        <RoleShape role={role} radius={radius} />
      </g>
      {role === 'leading' && <Crown y={-radius - 7} />}
      {role === 'looking' && <Badge text="?" x={radius * 0.86} y={-radius * 0.86} />}
      {paused && <PauseBars radius={radius} />}
      <text className="name" y={radius < 25 ? 6 : 7}>
        {name}
      </text>
      <Labels lines={linesOf(server, words)} place={label} />
    </g>
  );
}

function RoleShape({ role, radius: r }: { readonly role: ServerPicture['role']; readonly radius: number }): ReactElement {
  switch (role) {
    case 'leading':
      return (
        <>
          <path d={hexagon(r + 3)} className="ring" />
          <path d={hexagon(r - 2)} className="body" />
        </>
      );
    case 'looking':
      return <rect x={-r * 0.8} y={-r * 0.8} width={r * 1.6} height={r * 1.6} rx={5} transform="rotate(45)" className="body" />;
    case 'observing':
      return <circle r={r} className="body dashed" />;
    case 'down':
    case 'off':
      return (
        <>
          <circle r={r} className="body" />
          <path d={`M${-r * 0.7} ${-r * 0.7}L${r * 0.7} ${r * 0.7}M${r * 0.7} ${-r * 0.7}L${-r * 0.7} ${r * 0.7}`} className="cross" />
        </>
      );
    default:
      return <circle r={r} className="body" />;
  }
}

/** Flat sides left and right, a corner on top. */
function hexagon(r: number): string {
  const w = r * 0.9;
  return `M0 ${-r}L${w} ${-r / 2}V${r / 2}L0 ${r}L${-w} ${r / 2}V${-r / 2}Z`;
}

function Crown({ y }: { readonly y: number }): ReactElement {
  return <path className="crown" d={`M-9 ${y}l-1.5 -10 5.5 4.5 5 -7.5 5 7.5 5.5 -4.5 -1.5 10z`} />;
}

function Badge({ text, x, y }: { readonly text: string; readonly x: number; readonly y: number }): ReactElement {
  return (
    <g transform={`translate(${x} ${y})`} className="badge">
      <circle r={9} />
      <text y={4}>{text}</text>
    </g>
  );
}

function PauseBars({ radius: r }: { readonly radius: number }): ReactElement {
  return (
    <g transform={`translate(${-r * 0.86} ${-r * 0.86})`} className="badge">
      <circle r={9} />
      <path d="M-3.5 -4v8M3.5 -4v8" />
    </g>
  );
}

function Labels({ lines, place }: { readonly lines: readonly string[]; readonly place: LabelPlace }): ReactElement {
  const top = place.growsUp ? place.y - (lines.length - 1) * 14 : place.y;
  return (
    <>
      {lines.map((line, i) => (
        <text key={line} className={i === 0 ? 'role' : 'fact'} x={place.x} y={top + i * 14} style={{ textAnchor: place.anchor }}>
          {line}
        </text>
      ))}
    </>
  );
}

/** As many words as there is room for; the shape says the rest. */
function linesOf(server: ServerPicture, words: Placement['words']): string[] {
  const [role = '', ...facts] = labelsOf(server);
  if (words === 'full') return [role, ...facts];
  const title = server.paused ? 'PAUSED' : server.label;
  const brief = `e${server.epoch} · ${server.role === 'down' || server.role === 'off' ? server.logged : server.zxid}`;
  if (words === 'compact') return [title, brief, ...facts.slice(1)];
  if (words === 'short') return [title, brief];
  return title === 'FOLLOWING' ? [] : [title];
}

/** Role, then epoch and zxid, then what is unusual. */
export function labelsOf({
  role,
  label,
  paused,
  phase,
  epoch,
  acceptedEpoch,
  zxid,
  logged,
  vote,
  unsynced,
  disk,
}: ServerPicture): string[] {
  const isUp = role !== 'down' && role !== 'off';
  const epochText = epoch < 0 ? 'no epoch' : acceptedEpoch > epoch ? `epoch ${epoch}, accepted ${acceptedEpoch}` : `epoch ${epoch}`;
  const facts: string[] = [];
  if (vote !== null) facts.push(`votes ${vote.for} · ${vote.agree}/${vote.voters} agree`);
  else if (isUp && phase !== 'BROADCAST') facts.push(phase.toLowerCase());
  if (unsynced > 0) facts.push(`${unsynced} not on disk`);
  if (disk.length > 0) facts.push(`disk ${disk.join(', ')}`);
  const third = facts.slice(0, 2).join(' · ');
  return [
    `${label}${paused ? ', PAUSED' : ''}`,
    `${epochText} · ${isUp ? `zxid ${zxid}` : `log ${logged}`}`,
    ...(third === '' ? [] : [third]),
  ];
}
