/** Script lines about processes, threads, machines and disks, as actions. */
import { unreachable } from '../base/assert.ts';
import type { Action } from '../ensemble/action.ts';
import type { Ensemble } from '../ensemble/ensemble.ts';
import { threadKindOf } from '../ensemble/thread-names.ts';
import { serverContextOf } from '../ensemble/views.ts';
import { numberedFiles } from '../zab/txn-log.ts';
import type { ScriptLine } from './parse-scenario.ts';
import { eachOf, resolveNodes, type Bindings } from './server-ref.ts';

type Verb = 'start' | 'stop' | 'kill' | 'pause' | 'resume' | 'stall' | 'unstall' | 'power-loss' | 'disk' | 'tear-tail';
type MachineLine = Extract<ScriptLine, { readonly verb: Verb }>;

export function machineActions(ensemble: Ensemble, line: MachineLine, bindings: Bindings): Action[] {
  switch (line.verb) {
    case 'start':
    case 'stop':
    case 'kill':
    case 'pause':
    case 'resume': {
      const type = line.verb;
      return eachOf(ensemble, line.value, bindings).map((node): Action => ({ type, node }));
    }
    case 'stall': {
      const { server, thread, key, for: forUs = null, onlyLiving = false } = line.value;
      const kind = threadKindOf(thread);
      return resolveNodes(ensemble, server, bindings).map((node): Action => ({
        type: 'stall',
        node,
        kind,
        ...(key === undefined ? {} : { key }),
        forUs,
        onlyLiving,
      }));
    }
    case 'unstall': {
      const { server, thread } = line.value;
      return resolveNodes(ensemble, server, bindings).map((node): Action => ({ type: 'unstall', node, kind: threadKindOf(thread) }));
    }
    case 'power-loss': {
      const { server, keep: given = 'none', torn = false } = line.value;
      const keep = typeof given === 'string' ? given : Object.entries(given);
      return resolveNodes(ensemble, server, bindings).map((node): Action => ({ type: 'power-loss', node, keep, torn }));
    }
    case 'disk':
      return disksOf(ensemble, line.value, bindings);
    case 'tear-tail': {
      const { server, file } = line.value;
      return resolveNodes(ensemble, server, bindings).map((node): Action => ({
        type: 'tear-tail',
        node,
        file: fileOf(ensemble, node, file),
      }));
    }
    default:
      return unreachable(line);
  }
}

function disksOf(ensemble: Ensemble, value: Extract<ScriptLine, { verb: 'disk' }>['value'], bindings: Bindings): Action[] {
  const { server, full, slow, lying, fail, times } = value;
  const faults = {
    ...(full === undefined ? {} : { full }),
    ...(slow === undefined ? {} : { slow }),
    ...(lying === undefined ? {} : { lying }),
    ...(fail === undefined ? {} : { failing: fail === 'none' ? null : { op: fail, times: times ?? 1 } }),
  };
  return resolveNodes(ensemble, server, bindings).map((node): Action => ({ type: 'disk', node, faults }));
}

/** `log` and `snapshot` are the newest ones. */
function fileOf(ensemble: Ensemble, node: number, file: string): string {
  if (file !== 'log' && file !== 'snapshot') return file;
  const files = numberedFiles(serverContextOf(ensemble, node), `${file}.`);
  return files[files.length - 1]?.file ?? file;
}
