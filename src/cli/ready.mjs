// Brings a checkout up to date before anything else runs: the installed packages, then the `zablab` command's bundle.
// Plain JavaScript with Node's own modules only, because it runs in a clone that has nothing installed. A published package does not hold this file.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const at = (...parts) => join(root, ...parts);
const installedMark = at('node_modules', '.zablab-installed');
const bundleFolder = at('dist', 'cli');
const bundleMark = at('dist', 'cli', '.sources');
const lockFolder = at('dist', '.ready-lock');

/** What the bundle is made from: a change to any of these rebuilds it. */
const bundleSources = ['src', 'package.json', 'package-lock.json', 'vite.cli.config.ts'];

/** Installs and builds what is missing or stale; a few milliseconds when nothing is. Throws when either fails. */
export function ready() {
  if (!packagesAreCurrent()) underLock(() => packagesAreCurrent() || installPackages());
  if (!bundleIsCurrent()) underLock(() => bundleIsCurrent() || buildBundle());
}

function packagesAreCurrent() {
  const wanted = lockHash();
  if (textOf(installedMark) === wanted) return true;
  if (!npmAgrees()) return false;
  writeFileSync(installedMark, wanted); // somebody ran `npm install` by hand: nothing to do
  return true;
}

function lockHash() {
  return createHash('sha256')
    .update(readFileSync(at('package-lock.json')))
    .update(`${process.platform} ${process.arch}`)
    .digest('hex');
}

/** npm keeps its own list of what it put into node_modules; only optional packages (those for other machines) may be missing from it. */
function npmAgrees() {
  const listed = textOf(at('node_modules', '.package-lock.json'));
  if (listed === null) return false;
  const installed = JSON.parse(listed).packages;
  const wanted = JSON.parse(readFileSync(at('package-lock.json'), 'utf8')).packages;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '') return true;
    const found = installed[path];
    return found === undefined ? entry.optional === true || entry.devOptional === true : found.version === entry.version;
  });
}

function installPackages() {
  say('installing packages (npm ci)');
  const npm = process.env.npm_execpath;
  const arguments_ = ['ci', '--include=dev', '--no-audit', '--no-fund'];
  const viaNode = npm !== undefined && /npm-cli\.c?js$/.test(npm);
  const done = viaNode ? run(process.execPath, [npm, ...arguments_]) : run('npm', arguments_, { shell: process.platform === 'win32' });
  if (done.status !== 0) throw new Error(`npm ci failed (${done.error?.message ?? `exit code ${done.status}`})`);
  writeFileSync(installedMark, lockHash());
}

function bundleIsCurrent() {
  return textOf(bundleMark) === fingerprint() && existsSync(join(bundleFolder, 'main.js'));
}

/** Names, sizes and times of all source files: cheaper than their content, and a removed file shows. */
function fingerprint() {
  const hash = createHash('sha256');
  const add = (path) => {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat === undefined) return;
    if (stat.isDirectory()) for (const name of readdirSync(path).sort()) add(join(path, name));
    else hash.update(`${path} ${stat.size} ${stat.mtimeMs}\n`);
  };
  for (const source of bundleSources) add(at(source));
  return hash.digest('hex');
}

function buildBundle() {
  say('building the zablab command');
  for (const left of readdirSync(at('dist')).filter((name) => name.startsWith('.cli-'))) rmSync(at('dist', left), { recursive: true }); // of a build that was interrupted
  const before = fingerprint();
  const fresh = at('dist', `.cli-${process.pid}`);
  const old = at('dist', `.cli-old-${process.pid}`);
  const vite = at('node_modules', 'vite', 'bin', 'vite.js');
  const done = run(process.execPath, [
    vite,
    'build',
    '--config',
    'vite.cli.config.ts',
    '--outDir',
    fresh,
    '--emptyOutDir',
    '--logLevel',
    'warn',
  ]);
  if (done.status !== 0) {
    rmSync(fresh, { recursive: true, force: true });
    throw new Error('the zablab command does not build');
  }
  writeFileSync(join(fresh, '.sources'), before);
  if (existsSync(bundleFolder)) renameSync(bundleFolder, old);
  renameSync(fresh, bundleFolder);
  rmSync(old, { recursive: true, force: true });
}

/** One process at a time: tests start the command many times at once. A lock whose owner is gone is taken over. */
function underLock(work) {
  mkdirSync(at('dist'), { recursive: true });
  while (!tookLock()) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
  try {
    work();
  } finally {
    rmSync(lockFolder, { recursive: true, force: true });
  }
}

function tookLock() {
  try {
    mkdirSync(lockFolder);
    writeFileSync(join(lockFolder, 'pid'), String(process.pid));
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (ownerIsGone()) rmSync(lockFolder, { recursive: true, force: true });
    return false;
  }
}

function ownerIsGone() {
  const pid = Number(textOf(join(lockFolder, 'pid')) ?? '0');
  if (pid === 0) {
    // Between the folder and its pid: give the owner time, unless it died just there.
    const stat = statSync(lockFolder, { throwIfNoEntry: false });
    return stat !== undefined && Date.now() - stat.mtimeMs > 5000;
  }
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH';
  }
}

function textOf(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    throw error;
  }
}

/** What these tools print goes to stderr: stdout belongs to the command that is started afterwards. */
function run(command, arguments_, options = {}) {
  return spawnSync(command, arguments_, { cwd: root, stdio: ['ignore', 2, 2], ...options });
}

function say(line) {
  process.stderr.write(`zablab: ${line}\n`);
}

if (realpathSync(process.argv[1] ?? '.') === fileURLToPath(import.meta.url)) {
  try {
    ready();
  } catch (error) {
    say(error.message);
    // A command that does not build must not hide what the tests say; without packages nothing can go on.
    process.exitCode = packagesAreCurrent() ? 0 : 1;
  }
}
