import { expect, test } from 'vitest';
import { cellText } from '../../src/view/log-matrix.ts';
import { act, frameAt, moveTo } from '../../web/worker/session.ts';
import { NOTHING, sessionAt, stepUntil } from './moment.ts';

const LOGS = { ...NOTHING, logColumns: 50 };

test('a record goes from the page cache to the disk, is committed, and is applied', () => {
  const session = sessionAt('basics/first-steps', 0);
  const seen: string[] = [];
  stepUntil(
    session,
    ({ logs }) => {
      const cell = logs!.rows[2]!.cells[0];
      if (cell !== undefined && seen.at(-1) !== cellText(cell)) seen.push(cellText(cell));
      return cell?.applied === true && cell.kept === 'synced';
    },
    LOGS,
  );
  expect(seen[0]).toBe('in the page cache, not committed');
  expect(seen).toContain('on disk, committed, applied');
  expect(seen.indexOf('on disk, not committed')).toBeLessThan(seen.indexOf('on disk, committed, applied'));
});

test('columns are all zxids of all logs in order, the newest when there is no room', () => {
  const session = sessionAt('failures/leader-crash', 880);
  const all = frameAt(session, LOGS).logs!;
  expect(all.columns.map(({ text }) => text)).toEqual(['1.1', '1.2', '1.3', '2.1'].slice(0, all.columns.length));
  expect(all.before).toBe(0);
  const few = frameAt(session, { ...LOGS, logColumns: 2 }).logs!;
  expect(few.columns.map(({ text }) => text)).toEqual(all.columns.slice(-2).map(({ text }) => text));
  expect(few).toMatchObject({ before: all.total - 2, total: all.total });
  expect(few.rows.every(({ cells }) => cells.length === 2)).toBe(true);
});

test('a power loss takes what was only in the page cache', () => {
  const session = sessionAt('basics/first-steps', 0);
  stepUntil(session, ({ stage }) => stage.servers[2]!.unsynced > 0 && stage.servers[2]!.serving);
  act(session, '{"power-loss":"s3"}', 0);
  const { logs, stage } = frameAt(session, LOGS);
  expect(stage.servers[2]).toMatchObject({ role: 'off', unsynced: 0 });
  expect(logs!.rows[2]!.cells.every(({ kept, applied }) => kept !== 'cached' && !applied)).toBe(true);
  moveTo(session, { step: 1, node: -1 });
});
