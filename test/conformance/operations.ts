// The operations of a client as scripts send them. Anything can be given where the wire can carry it: null paths, unknown flags, wrong numbers.

import { Buffer } from 'node:buffer';
import { bool, buffer, int, long, type Reader, readInt, readText, readVector, vector } from './jute.ts';
import { type Names, shortened, told } from './names.ts';
import { byText, readChildren, readData, readResults, readStat } from './records.ts';
import type { Fields, Request } from './request.ts';

export interface Acl {
  readonly perms: number;
  readonly scheme: string | null;
  readonly id: string | null;
}

export const READ = 1;
export const WRITE = 2;
export const CREATE = 4;
export const DELETE = 8;
export const ADMIN = 16;
export const ALL = 31;

export const OPEN: readonly Acl[] = [{ perms: ALL, scheme: 'world', id: 'anyone' }];

export function acl(perms: number, scheme: string | null, id: string | null): Acl {
  return { perms, scheme, id };
}

export const PERSISTENT = 0;
export const EPHEMERAL = 1;
export const SEQUENTIAL = 2;
export const EPHEMERAL_SEQUENTIAL = 3;
export const CONTAINER = 4;
export const TTL = 5;
export const TTL_SEQUENTIAL = 6;

export interface CreateOptions {
  readonly data?: Buffer | string | null;
  readonly acl?: readonly Acl[] | null;
  readonly flags?: number;
  readonly ttl?: number;
}

type Path = string | null;

const shown = (path: Path): string => (path === '' ? "''" : shortened(path ?? 'null'));

function acls(list: readonly Acl[] | null): Buffer {
  return vector(list?.map(({ perms, scheme, id }) => Buffer.concat([int(perms), buffer(scheme), buffer(id)])) ?? null);
}

function createBody({ data = '', acl = OPEN, flags = 0 }: CreateOptions): Buffer {
  return Buffer.concat([buffer(data), acls(acl), int(flags)]);
}

const nothing = (): Fields => ({});
const readPath = (r: Reader, names: Names): Fields => ({ path: told(names, readText(r)) });
const readPathAndStat = (r: Reader, names: Names): Fields => ({ ...readPath(r, names), stat: readStat(r, names) });
const readStatOnly = (r: Reader, names: Names): Fields => ({ stat: readStat(r, names) });

/** An operation whose first field is a path. */
function onPath(name: string, type: number, path: Path, more: Buffer, read: Request['read'], what = ''): Request {
  return {
    name: `${name} ${shown(path)}${what}`,
    type,
    body: (text) => Buffer.concat([buffer(path === null ? null : text(path)), more]),
    read,
  };
}

export function create(path: Path, options: CreateOptions = {}): Request {
  return onPath('create', 1, path, createBody(options), readPath);
}

export function create2(path: Path, options: CreateOptions = {}): Request {
  return onPath('create2', 15, path, createBody(options), readPathAndStat);
}

export function createContainer(path: Path, options: CreateOptions = {}): Request {
  return onPath('createContainer', 19, path, createBody({ flags: CONTAINER, ...options }), readPathAndStat);
}

export function createTtl(path: Path, options: CreateOptions = {}): Request {
  const { ttl = 60_000 } = options;
  return onPath('createTTL', 21, path, Buffer.concat([createBody({ flags: TTL, ...options }), long(ttl)]), readPathAndStat);
}

/** `delete`, which is a word of JavaScript. */
export function remove(path: Path, version = -1): Request {
  return onPath('delete', 2, path, int(version), nothing);
}

export function deleteContainer(path: Path): Request {
  return onPath('deleteContainer', 20, path, Buffer.alloc(0), nothing);
}

export function exists(path: Path, watch = false): Request {
  return onPath('exists', 3, path, bool(watch), readStatOnly, watched(watch));
}

export function getData(path: Path, watch = false): Request {
  return onPath('getData', 4, path, bool(watch), readData, watched(watch));
}

export function setData(path: Path, data: Buffer | string | null, version = -1): Request {
  return onPath('setData', 5, path, Buffer.concat([buffer(data), int(version)]), readStatOnly);
}

export function getAcl(path: Path): Request {
  return onPath('getACL', 6, path, Buffer.alloc(0), (r, names) => ({ acl: readAcls(r), stat: readStat(r, names) }));
}

function readAcls(r: Reader): string[] | null {
  return readVector(r, () => [readInt(r), readText(r), readText(r)].join(':'));
}

export function setAcl(path: Path, list: readonly Acl[] | null, version = -1): Request {
  return onPath('setACL', 7, path, Buffer.concat([acls(list), int(version)]), readStatOnly);
}

export function getChildren(path: Path, watch = false): Request {
  return onPath('getChildren', 8, path, bool(watch), readChildren, watched(watch));
}

export function getChildren2(path: Path, watch = false): Request {
  const read: Request['read'] = (r, names) => ({ ...readChildren(r, names), stat: readStat(r, names) });
  return onPath('getChildren2', 12, path, bool(watch), read, watched(watch));
}

const watched = (watch: boolean): string => (watch ? ' watch' : '');

export function sync(path: Path): Request {
  return onPath('sync', 9, path, Buffer.alloc(0), readPath);
}

export function check(path: Path, version = -1): Request {
  return onPath('check', 13, path, int(version), nothing);
}

export function getAllChildrenNumber(path: Path): Request {
  return onPath('getAllChildrenNumber', 104, path, Buffer.alloc(0), (r) => ({ count: readInt(r) }));
}

export function getEphemerals(prefix: Path): Request {
  const read: Request['read'] = (r, names) => ({
    paths:
      readVector(r, readText)
        ?.map((path) => told(names, path))
        .sort(byText) ?? null,
  });
  return onPath('getEphemerals', 103, prefix, Buffer.alloc(0), read);
}

export function ping(): Request {
  return { name: 'ping', type: 11, xid: -2, body: () => Buffer.alloc(0), read: nothing };
}

export function closeSession(): Request {
  return { name: 'closeSession', type: -11, body: () => Buffer.alloc(0), read: nothing };
}

export function createSession(timeoutMs: number): Request {
  return { name: 'createSession', type: -10, body: () => int(timeoutMs), read: nothing };
}

export function whoAmI(): Request {
  const one = (r: Reader): string => `${readText(r)}:${readText(r)}`;
  return { name: 'whoAmI', type: 107, body: () => Buffer.alloc(0), read: (r) => ({ who: readVector(r, one)?.sort(byText) ?? null }) };
}

export function addAuth(scheme: string | null, auth: string | null): Request {
  const body = Buffer.concat([int(0), buffer(scheme), buffer(auth)]);
  return { name: `auth ${scheme}`, type: 100, xid: -4, body: () => body, read: nothing };
}

export const ANY_PERSISTENT = 0;
export const RECURSIVE = 1;

export function addWatch(path: Path, mode = ANY_PERSISTENT): Request {
  return onPath('addWatch', 106, path, int(mode), (r) => ({ code: readInt(r) }), ` mode ${mode}`);
}

export const CHILDREN = 1;
export const DATA = 2;
export const ANY = 3;

export function checkWatches(path: Path, type: number): Request {
  return onPath('checkWatches', 17, path, int(type), nothing, ` type ${type}`);
}

export function removeWatches(path: Path, type: number): Request {
  return onPath('removeWatches', 18, path, int(type), nothing, ` type ${type}`);
}

export interface Watches {
  readonly data?: readonly string[] | null;
  readonly exist?: readonly string[] | null;
  readonly child?: readonly string[] | null;
  readonly persistent?: readonly string[] | null;
  readonly recursive?: readonly string[] | null;
}

function paths(list: readonly string[] | null | undefined, text: (path: string) => string): Buffer {
  return vector(list === null ? null : (list ?? []).map((path) => buffer(text(path))));
}

export function setWatches(relativeZxid: bigint, { data, exist, child }: Watches): Request {
  return {
    name: 'setWatches',
    type: 101,
    xid: -8,
    body: (text) => Buffer.concat([long(relativeZxid), ...[data, exist, child].map((list) => paths(list, text))]),
    read: nothing,
  };
}

export function setWatches2(relativeZxid: bigint, { data, exist, child, persistent, recursive }: Watches): Request {
  const lists = [data, exist, child, persistent, recursive];
  return {
    name: 'setWatches2',
    type: 105,
    xid: -8,
    body: (text) => Buffer.concat([long(relativeZxid), ...lists.map((list) => paths(list, text))]),
    read: nothing,
  };
}

const end = Buffer.concat([int(-1), bool(true), int(-1)]);

function joined(requests: readonly Request[], text: (path: string) => string): Buffer {
  return Buffer.concat([...requests.map((each) => Buffer.concat([int(each.type), bool(false), int(-1), each.body(text)])), end]);
}

export function multi(...requests: readonly Request[]): Request {
  return { name: `multi of ${requests.length}`, type: 14, body: (text) => joined(requests, text), read: readResults };
}

export function multiRead(...requests: readonly Request[]): Request {
  return { name: `multiRead of ${requests.length}`, type: 22, body: (text) => joined(requests, text), read: readResults };
}

export interface Reconfig {
  readonly joining?: string | null;
  readonly leaving?: string | null;
  readonly members?: string | null;
  readonly version?: number;
}

export function reconfig({ joining = null, leaving = null, members = null, version = -1 }: Reconfig): Request {
  const body = Buffer.concat([buffer(joining), buffer(leaving), buffer(members), long(version)]);
  return { name: 'reconfig', type: 16, body: () => body, read: readData };
}

/** A request of any type with any body. */
export function strange(name: string, type: number, body: Buffer, read: Request['read'] = nothing): Request {
  return { name, type, body: () => body, read };
}
