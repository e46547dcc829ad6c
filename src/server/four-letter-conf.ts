/** The words about what a server was started with: conf, envi and dirs (ADM-17, ADM-23). */
import type { ServerContext } from './context.ts';
import { addressOf, clientPortOf, directorySizes, membershipText, versionOf } from './server-view.ts';

export function confText(ctx: ServerContext): string {
  const lines = Object.entries(confFields(ctx)).map(([key, value]) => `${key}=${value}\n`);
  return lines.join('') + (ctx.config.standalone ? '' : quorumText(ctx));
}

export function dirsText(ctx: ServerContext): string {
  const { data, log } = directorySizes(ctx);
  return `datadir_size: ${data}\nlogdir_size: ${log}\n`;
}

function confFields(ctx: ServerContext): Readonly<Record<string, string | number>> {
  const { dataDir, dataLogDir, tickUs, maxClientCnxns, minSessionTimeoutMs, maxSessionTimeoutMs } = ctx.config;
  const { data, log } = directorySizes(ctx);
  return {
    clientPort: clientPortOf(ctx),
    secureClientPort: -1,
    dataDir: `${dataDir}/version-2`,
    dataDirSize: data,
    dataLogDir: `${dataLogDir ?? dataDir}/version-2`,
    dataLogSize: log,
    tickTime: Math.floor(tickUs / 1000),
    maxClientCnxns,
    minSessionTimeout: minSessionTimeoutMs,
    maxSessionTimeout: maxSessionTimeoutMs,
    clientPortListenBacklog: -1,
    serverId: ctx.config.standalone ? 0 : ctx.config.sid,
  };
}

/** QuorumZooKeeperServer.dumpConf: no newline behind the last line. */
function quorumText(ctx: ServerContext): string {
  const { sid, initLimit, syncLimit, servers } = ctx.config;
  const { electionPort, quorumPort } = addressOf(ctx, sid);
  const isObserver = servers.some((server) => server.sid === sid && server.learnerType === 'OBSERVER');
  return [
    `initLimit=${initLimit}`,
    `syncLimit=${syncLimit}`,
    'electionAlg=3',
    `electionPort=${electionPort}`,
    `quorumPort=${quorumPort}`,
    `peerType=${isObserver ? 1 : 0}`,
    'membership: ',
    membershipText(ctx),
  ].join('\n');
}

/** Environment.list. There is no Java here and no machine that may be looked at: what a script may ask for has a fixed value. */
export function environmentOf(ctx: ServerContext): Readonly<Record<string, string>> {
  return {
    'zookeeper.version': versionOf(ctx),
    'host.name': 'localhost',
    'java.version': '<NA>',
    'java.vendor': '<NA>',
    'java.home': '<NA>',
    'java.class.path': '<NA>',
    'java.library.path': '<NA>',
    'java.io.tmpdir': '/tmp',
    'java.compiler': '<NA>',
    'os.name': 'zablab',
    'os.arch': '<NA>',
    'os.version': '<NA>',
    'user.name': 'zablab',
    'user.home': '/',
    'user.dir': '/',
    'os.memory.free': '256MB',
    'os.memory.max': '256MB',
    'os.memory.total': '256MB',
  };
}

export function enviText(ctx: ServerContext): string {
  const lines = Object.entries(environmentOf(ctx)).map(([key, value]) => `${key}=${value}\n`);
  return `Environment:\n${lines.join('')}`;
}
