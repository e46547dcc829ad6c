/** All messages on their way. React places them once for each picture; between pictures the clock moves them. */
import { useLayoutEffect, useRef, type ReactElement } from 'react';
import type { MessagePicture } from '../../src/view/message-picture.ts';
import { onTick, prefersReducedMotion, shownTime } from '../run/clock.ts';
import { heading, onLane, type Placement } from './geometry.ts';
import { MessageGlyph } from './MessageGlyph.tsx';

interface Props {
  readonly messages: readonly MessagePicture[];
  readonly placement: Placement;
  readonly showsPings: boolean;
}

/** Where a held message waits. */
const HELD_AT = 0.36;
/** Messages that have arrived together and wait to be read stand this far apart. */
const QUEUE_GAP = 15;

export function Messages({ messages, placement, showsPings }: Props): ReactElement {
  const group = useRef<SVGGElement>(null);
  const shown = showsPings ? messages : messages.filter(({ family }) => family !== 'ping');

  useLayoutEffect(() => {
    const move = (time: number): void => {
      const children = group.current?.children;
      if (children === undefined) return;
      const transforms = transformsAt(shown, placement, time);
      for (let i = 0; i < children.length; i++) children[i]?.setAttribute('transform', transforms[i] ?? '');
    };
    move(shownTime());
    return onTick(move);
  }, [shown, placement]);

  return (
    <g ref={group}>
      {shown.map((message) => {
        const [from, to] = [placement.at.get(message.from), placement.at.get(message.to)];
        return (
          <g key={message.key}>
            <MessageGlyph message={message} angle={from === undefined || to === undefined ? 0 : heading(from, to)} />
          </g>
        );
      })}
    </g>
  );
}

function transformsAt(messages: readonly MessagePicture[], { at, radius }: Placement, time: number): string[] {
  const waiting = new Map<string, number>();
  const isStill = prefersReducedMotion();
  return messages.map(({ from, to, sentAt, arriveAt, held }) => {
    const [start, end] = [at.get(from), at.get(to)];
    if (start === undefined || end === undefined) return 'translate(-99 -99)';
    const flight = arriveAt === null ? 1 : Math.max(1, arriveAt - sentAt);
    const flown = Math.min(1, Math.max(0, (time - sentAt) / flight));
    const progress = held !== null ? HELD_AT : isStill && flown < 1 ? 0.5 : flown;
    const point = onLane(start, end, progress, radius + 9);
    if (progress > 0 && progress < 1 && held === null && !isStill) return `translate(${point.x.toFixed(1)} ${point.y.toFixed(1)})`;
    // Those that stand still queue up behind one another.
    const place = `${from}>${to}@${progress}`;
    const before = waiting.get(place) ?? 0;
    waiting.set(place, before + 1);
    const length = Math.max(1, Math.hypot(end.x - start.x, end.y - start.y));
    const back = Math.min(before, 6) * QUEUE_GAP * (progress === 0 ? -1 : 1);
    const [x, y] = [point.x - ((end.x - start.x) / length) * back, point.y - ((end.y - start.y) / length) * back];
    return `translate(${x.toFixed(1)} ${y.toFixed(1)})`;
  });
}
