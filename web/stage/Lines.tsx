/** The lines between nodes: connections, and walls where nothing gets through. */
import type { ReactElement } from 'react';
import type { LinkPicture, StagePicture } from '../../src/view/stage.ts';
import type { Placement, Point } from './geometry.ts';

interface Props {
  readonly stage: StagePicture;
  readonly placement: Placement;
  readonly onPick: (link: LinkPicture, event: { readonly clientX: number; readonly clientY: number }) => void;
}

export function Lines({ stage, placement, onPick }: Props): ReactElement {
  return (
    <g className="lines">
      {stage.links.map((link) => {
        const [a, b] = [placement.at.get(link.a), placement.at.get(link.b)];
        if (a === undefined || b === undefined) return null;
        // Between a client and a server that it does not speak to there is no line, cut or not.
        if (link.b >= stage.servers.length && link.kind === null && !link.dialling) return null;
        const isCut = link.cutAB || link.cutBA;
        return (
          <g key={`${link.a}-${link.b}`} className={isCut ? 'cut' : ''}>
            <line x1={a.x} y1={a.y} x2={b.x} y2={b.y} className={`line ${link.kind ?? 'none'} ${link.dialling ? 'dialling' : ''}`} />
            {isCut && <Wall link={link} a={a} b={b} />}
            <line x1={a.x} y1={a.y} x2={b.x} y2={b.y} className="grip" onClick={(event) => onPick(link, event)} />
          </g>
        );
      })}
    </g>
  );
}

/** A bar across the line; with an arrow through it where the other direction is open. */
function Wall({ link, a, b }: { readonly link: LinkPicture; readonly a: Point; readonly b: Point }): ReactElement {
  const angle = (Math.atan2(b.y - a.y, b.x - a.x) * 180) / Math.PI;
  const open = link.cutAB && link.cutBA ? null : link.cutAB ? 'back' : 'forth';
  return (
    <g transform={`translate(${(a.x + b.x) / 2} ${(a.y + b.y) / 2}) rotate(${angle})`} className="wall">
      <path d="M0 -17V17" />
      {open === 'forth' && <path className="open" d="M-13 12H11M6 7.5L11.5 12L6 16.5" />}
      {open === 'back' && <path className="open" d="M13 -12H-11M-6 -16.5L-11.5 -12L-6 -7.5" />}
    </g>
  );
}
