// Which real clients this machine has.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Wish } from '../support/debian.ts';
import type { Tool } from '../support/suites.ts';

/** Debian's own Python: another one does not see Debian's packages. */
const python = '/usr/bin/python3';
const zookeeperJar = '/usr/share/java/zookeeper.jar';
const shellOfC = '/usr/lib/zookeeper/bin/cli_mt';

export function findKazoo(): Tool<string> {
  const has = canPython('import pytest, kazoo.tests, gevent, eventlet');
  return has ? { found: python } : { install: 'on Debian: apt-get install python3-kazoo python3-pytest' };
}

export function findZkCli(): Tool<string> {
  const has = existsSync(zookeeperJar) && spawnSync('java', ['-version']).status === 0;
  return has ? { found: zookeeperJar } : { install: 'on Debian: apt-get install zookeeper' };
}

export function findCShell(): Tool<string> {
  return existsSync(shellOfC) ? { found: shellOfC } : { install: 'on Debian: apt-get install zookeeper-bin' };
}

/** The C library, by Python's ctypes: it comes with the shell. */
export function findCLibrary(): Tool<string> {
  const has = canPython('import pytest, ctypes; ctypes.CDLL("libzookeeper_mt.so.2")');
  return has ? { found: python } : { install: 'on Debian: apt-get install zookeeper-bin python3-pytest' };
}

function canPython(program: string): boolean {
  return existsSync(python) && spawnSync(python, ['-c', program]).status === 0;
}

/** `.ci/run` installs the same. */
export function clientWishes(): Wish[] {
  return [
    { tool: findKazoo(), packages: ['python3-kazoo', 'python3-pytest'] },
    { tool: findZkCli(), packages: ['zookeeper'] },
    { tool: findCShell(), packages: ['zookeeper-bin'] },
  ];
}
