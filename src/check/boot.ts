/**
 * I-BOOT: a server that crashed at any point can start from its own disk. A record that somebody damaged on a stopped machine is no crash: a
 * server may refuse that.
 *
 * Checked whenever a server finds that it cannot load its disk; exercised by a load after a process has ended.
 */
import type { CheckState, Property } from './check-state.ts';
import { sidAt } from './ghost.ts';

export const boot: Property = {
  id: 'I-BOOT',
  types: ['refused-to-start', 'recovered', 'acted', 'node-down'],
  onNote: (check, note, where) => {
    switch (note.type) {
      case 'node-down':
        rememberCrash(check, where.node);
        return null;
      case 'recovered':
        if (check.boot.crashed.includes(where.node)) check.counts['I-BOOT'] += 1;
        return null;
      case 'acted':
        if (note.action.type === 'tear-tail' && note.bit) check.boot.damaged = [...check.boot.damaged, note.action.node];
        return null;
      case 'refused-to-start':
        check.counts['I-BOOT'] += 1;
        if (check.boot.damaged.includes(where.node)) return null;
        return {
          property: 'I-BOOT',
          kind: 'refused',
          operands: { sid: sidAt(check.ghost, where.node), why: note.why, numbers: note.operands },
        };
      default:
        return null;
    }
  },
};

/** Nodes whose process has ended at least once, and nodes with a damaged record. */
export interface BootState {
  crashed: readonly number[];
  damaged: readonly number[];
}

function rememberCrash({ boot: state }: CheckState, node: number): void {
  if (!state.crashed.includes(node)) state.crashed = [...state.crashed, node];
}
