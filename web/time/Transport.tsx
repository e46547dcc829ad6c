/** Time: the tape, play and step, speed, and which branch of the run is shown. */
import { useEffect, useRef, type ReactElement } from 'react';
import { SPEEDS, speedText, timeText } from '../../src/view/time-text.ts';
import { Icon } from '../icons.tsx';
import { onTick } from '../run/clock.ts';
import { chooseBranch, goTo, step, storyStep, togglePlay } from '../run/controller.ts';
import { update, useStore } from '../store/store.ts';
import { Tape } from './Tape.tsx';

export function Transport(): ReactElement {
  return (
    <footer className="transport" aria-label="Timeline">
      <Tape />
      <div className="controls">
        <Buttons />
        <Clock />
        <Speed />
        <Branches />
      </div>
    </footer>
  );
}

function Buttons(): ReactElement {
  const isPlaying = useStore((state) => state.isPlaying);
  const isReady = useStore((state) => state.phase === 'ready');
  return (
    <fieldset className="buttons" aria-label="Play and step">
      <button
        type="button"
        className="plain to-start"
        title="To the start"
        aria-label="To the start"
        disabled={!isReady}
        onClick={() => goTo(0)}
      >
        <Icon name="start" />
      </button>
      <button
        type="button"
        className="plain"
        title="Previous event of the story (P)"
        aria-label="Previous event of the story"
        disabled={!isReady}
        onClick={() => storyStep(-1)}
      >
        <Icon name="previousStory" />
      </button>
      <button type="button" className="plain" title="Step back (←)" aria-label="Step back" disabled={!isReady} onClick={() => step(-1)}>
        <Icon name="previous" />
      </button>
      <button
        type="button"
        className="primary play"
        title={isPlaying ? 'Pause (space)' : 'Play (space)'}
        aria-label={isPlaying ? 'Pause' : 'Play'}
        disabled={!isReady}
        onClick={togglePlay}
      >
        <Icon name={isPlaying ? 'pause' : 'play'} />
      </button>
      <button
        type="button"
        className="plain"
        title="Step forward (→)"
        aria-label="Step forward"
        disabled={!isReady}
        onClick={() => step(1)}
      >
        <Icon name="next" />
      </button>
      <button
        type="button"
        className="plain"
        title="Next event of the story (N)"
        aria-label="Next event of the story"
        disabled={!isReady}
        onClick={() => storyStep(1)}
      >
        <Icon name="nextStory" />
      </button>
    </fieldset>
  );
}

/** The digits are written by the clock itself, between two pictures too. */
function Clock(): ReactElement {
  const cursor = useStore((state) => state.cursor);
  const digits = useRef<HTMLElement>(null);
  useEffect(
    () =>
      onTick((time) => {
        const text = timeText(time);
        if (digits.current !== null && digits.current.textContent !== text) digits.current.textContent = text;
      }),
    [],
  );
  return (
    <p className="clock">
      <b ref={digits} />
      <span>
        event {cursor.event} of {cursor.head}
      </span>
    </p>
  );
}

function Speed(): ReactElement {
  const speed = useStore((state) => state.speed);
  const skipsQuiet = useStore((state) => state.skipsQuiet);
  const text = speedText(SPEEDS[speed] ?? 0);
  return (
    <div className="speed">
      <label>
        <span>Speed</span>
        <input
          type="range"
          min={0}
          max={SPEEDS.length - 1}
          value={speed}
          aria-valuetext={`${text.replace('/s', '')} of the run in a second`}
          onChange={(event) => update((draft) => void (draft.speed = Number(event.target.value)))}
        />
        <output title="How much of the run passes in one second">{text}</output>
      </label>
      <label className="check" title="Stretches in which nothing is on its way pass quickly">
        <input
          type="checkbox"
          checked={skipsQuiet}
          onChange={(event) => update((draft) => void (draft.skipsQuiet = event.target.checked))}
        />
        <span>Hurry through quiet</span>
      </label>
    </div>
  );
}

function Branches(): ReactElement | null {
  const { active, branches } = useStore((state) => state.branches);
  if (branches.length < 2) return null;
  return (
    <label className="branches">
      <span>Branch</span>
      <select value={active} onChange={(event) => void chooseBranch(Number(event.target.value))}>
        {branches.map(({ from, events }, i) => (
          // Branches are never removed, so their place names them.
          // oxlint-disable-next-line react/no-array-index-key
          <option key={i} value={i}>
            {i === 0 ? `1: the scenario, ${events} events` : `${i + 1}: from event ${from}, ${events} events`}
          </option>
        ))}
      </select>
    </label>
  );
}
