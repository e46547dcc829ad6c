// What of an answer to a four-letter word is the same in every run: its layout, and the numbers that the script decides.

import { type Names, sessionName, told, zxidName } from './names.ts';

type Rewrite = readonly [RegExp, string | ((names: Names, found: string) => string)];

const zxid = (names: Names, found: string): string =>
  found.replace(/0x[0-9a-f]+$/, (hex) => String(zxidName(names, BigInt.asIntN(64, BigInt(hex)))));
const session = (names: Names, found: string): string => found.replace(/0x[0-9a-f]+$/, (hex) => String(sessionName(names, BigInt(hex))));

/** Times, ports, paths, and what depends on the harness itself. */
const everywhere: readonly Rewrite[] = [
  [/^(Zookeeper version: ).*/, '$1*'],
  [/^(zk_version\t).*/, '$1*'],
  [/^(Latency min\/avg\/max: ).*/, '$1*'],
  [/^Zxid: 0x[0-9a-f]+/, zxid],
  [/lzxid=0x[0-9a-f]+/, zxid],
  [/sid=0x[0-9a-f]+/, session],
  [/^\t?0x[0-9a-f]{9,}/, session],
  [/sessionId: 0x[0-9a-f]+/, session],
  [/(\/127\.0\.0\.1:)\d+/, '$1*'],
  [/\b(est|lresp|llat|minlat|avglat|maxlat)=\d+/g, '$1=*'],
  [/(expire at ).*:$/, '$1*:'],
  [/^(dataDir|dataLogDir|dataDirSize|dataLogSize)=.*/, '$1=*'],
  [/^(datadir_size|logdir_size): \d+/, '$1: *'],
];

/** Who has connections when depends on when closed ones are noticed. */
const counts: readonly Rewrite[] = [[/^(Received|Sent|Connections): \d+/, '$1: *']];

export function stableLines(word: string, answer: string, names: Names): readonly string[] {
  const lines = answer.split('\n').map((line) => rewritten(told(names, line) ?? '', names));
  switch (word) {
    case 'mntr':
      return lines
        .filter((line) => GAUGES.has(keyOf(line)))
        .map(withoutVarying)
        .toSorted(byText);
    case 'envi':
      return lines.map((line) => line.replace(/=.*/, '=*'));
    case 'cons': // an answer is counted as sent a moment after it was
      return lines
        .filter((line) => ofThisCase(line, names))
        .map((line) => line.replace(/\[\d\]\(queued=\d+/, '[*](queued=*').replace(/\bsent=[1-9]\d*/, 'sent=*'))
        .toSorted(byText);
    case 'stat':
      return lines.filter((line) => !line.startsWith(' /'));
    case 'wchc':
    case 'wchp':
      return sortedBlocks(lines);
    default:
      return lines;
  }
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function rewritten(line: string, names: Names): string {
  return [...everywhere, ...counts].reduce(
    (so, [what, by]) => (typeof by === 'string' ? so.replace(what, by) : so.replace(what, (found) => by(names, found))),
    line,
  );
}

/** Other connections are the stage's. */
function ofThisCase(line: string, names: Names): boolean {
  return [...names.sessions.values()].some((name) => line.includes(`sid=${name},`)) || !line.startsWith(' /');
}

/** Blocks of a head and lines below it, in hash order both. */
function sortedBlocks(lines: readonly string[]): string[] {
  const blocks: string[][] = [];
  for (const line of lines) {
    if (line.startsWith('\t')) blocks.at(-1)?.push(line);
    else blocks.push([line]);
  }
  const texts = blocks.map(([head = '', ...below]) => [head, ...below.toSorted(byText)].join('\n'));
  return texts.toSorted(byText).join('\n').split('\n');
}

const keyOf = (line: string): string => line.split('\t')[0]?.replace(/^zk_/, '') ?? '';

const keysOf = (text: string): string[] => text.trim().split(/\s+/);

/** [ADM-19] */
const STABLE = keysOf(`
  version server_state peer_state outstanding_requests ephemerals_count watch_count znode_count quorum_size
  learners synced_followers synced_non_voting_followers synced_observers pending_syncs local_sessions`);
const VARYING = keysOf(`
  num_alive_connections avg_latency min_latency max_latency global_sessions packets_sent packets_received non_mtls_remote_conn_count
  non_mtls_local_conn_count last_client_response_size min_client_response_size max_client_response_size connection_drop_probability
  auth_failed_count max_file_descriptor_count open_file_descriptor_count approximate_data_size uptime outstanding_tls_handshake
  leader_uptime last_proposal_size min_proposal_size max_proposal_size`);
const GAUGES = new Set([...STABLE, ...VARYING]);

function withoutVarying(line: string): string {
  return VARYING.includes(keyOf(line)) ? line.replace(/\t.*/, '\t*') : line;
}
