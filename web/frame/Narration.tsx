/** One line: the newest sentence of the story. Screen readers hear it when the run stands still, and at most every other second while it plays. */
import { useEffect, useState, type ReactElement } from 'react';
import { shortTime } from '../../src/view/time-text.ts';
import { goTo } from '../run/controller.ts';
import { useStore } from '../store/store.ts';

const QUIET_MS = 2000;

export function Narration(): ReactElement {
  const narration = useStore((state) => state.narration);
  const isPlaying = useStore((state) => state.isPlaying);
  const about = useStore((state) => state.run?.about ?? '');
  const text = narration === null ? '' : `${narration.subject} ${narration.text}`;
  const [spoken, setSpoken] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setSpoken(text), isPlaying ? QUIET_MS : 0);
    return () => clearTimeout(timer);
  }, [text, isPlaying]);
  return (
    <div className="narration">
      {narration === null ? (
        <p className="muted">{about}</p>
      ) : (
        <button type="button" onClick={() => goTo(narration.event)} title={`to event ${narration.event}`}>
          <time>{shortTime(narration.at)}</time>
          <span>
            {narration.subject !== '' && <b>{narration.subject}</b>} {narration.text}
          </span>
        </button>
      )}
      <output className="hidden">{spoken}</output>
    </div>
  );
}
