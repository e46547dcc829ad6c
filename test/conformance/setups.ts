// The ensembles that cases run on, as data: a target builds each in its own way.

export type Role = 'alone' | 'leader' | 'follower' | 'other' | 'observer';

export interface Setup {
  readonly name: string;
  readonly roles: readonly Role[];
  /** Lines of zoo.cfg besides those that a target must choose itself: folders, ports, members. */
  readonly settings: Readonly<Record<string, string | number>>;
  /** System properties. */
  readonly properties: Readonly<Record<string, string>>;
  /** Each case has one for itself that nobody has used, and zxids are told as they are. */
  readonly isFresh: boolean;
}

/** Ticks are short, so that expiry does not take long; the limits in ticks are wide, so that a busy machine does not matter. */
const settings = { tickTime: 200, initLimit: 100, syncLimit: 100, maxSessionTimeout: 60_000 };

/** The password is `admin` [ACL-07]; scripts clean up with it. */
const superDigest = { 'zookeeper.DigestAuthenticationProvider.superDigest': 'super:xQJmxLMiHGwaqBvst5y6rkB6HQs=' };

const alone: Setup = { name: 'standalone', roles: ['alone'], settings, properties: superDigest, isFresh: false };

export const SETUPS = {
  /** A server with nothing but defaults, before anything has happened. */
  fresh: { ...alone, name: 'fresh', settings: { tickTime: 200 }, properties: {}, isFresh: true },
  standalone: alone,
  /** Everything that is off by default. */
  open: {
    ...alone,
    name: 'open',
    properties: {
      ...superDigest,
      'zookeeper.extendedTypesEnabled': 'true',
      'zookeeper.enforceQuota': 'true',
      'zookeeper.4lw.commands.whitelist': '*',
      'znode.container.checkIntervalMs': '300',
    },
  },
  three: {
    ...alone,
    name: 'three',
    roles: ['leader', 'follower', 'other'],
    properties: { ...superDigest, 'zookeeper.4lw.commands.whitelist': '*' },
  },
  /** Three for each case, which it may leave in any state. */
  failover: { ...alone, name: 'failover', roles: ['leader', 'follower', 'other'], isFresh: true },
  observer: {
    ...alone,
    name: 'observer',
    roles: ['leader', 'follower', 'other', 'observer'],
    properties: { ...superDigest, 'zookeeper.4lw.commands.whitelist': '*' },
  },
} as const satisfies Readonly<Record<string, Setup>>;

export type SetupName = keyof typeof SETUPS;

export function settingLines({ settings }: Setup): string[] {
  return Object.entries(settings).map(([key, value]) => `${key}=${value}`);
}

export function memberLine(sid: number, role: Role | undefined, quorumPort: number, electionPort: number): string {
  return `server.${sid}=127.0.0.1:${quorumPort}:${electionPort}:${role === 'observer' ? 'observer' : 'participant'}`;
}
