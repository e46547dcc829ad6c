/* The numbers by which the wire knows ZooKeeper's names: operations (G1), error codes (K2), watch events (WATCH-24). */
import { assert } from '../base/assert.ts';
import type { ErrorCode, Operation, WatchEventType } from '../server/protocol.ts';
import { WireError } from './reader.ts';

/** The operations that have a number of their own. */
export type OperationName = Exclude<Operation['op'], 'undecodable' | 'unknown'>;

/** ZooDefs.OpCode. */
export const OP_CODES: { readonly [Op in OperationName]: number } = {
  create: 1,
  delete: 2,
  exists: 3,
  getData: 4,
  setData: 5,
  getACL: 6,
  setACL: 7,
  getChildren: 8,
  sync: 9,
  ping: 11,
  getChildren2: 12,
  check: 13,
  multi: 14,
  create2: 15,
  reconfig: 16,
  checkWatches: 17,
  removeWatches: 18,
  createContainer: 19,
  deleteContainer: 20,
  createTTL: 21,
  multiRead: 22,
  auth: 100,
  setWatches: 101,
  sasl: 102,
  getEphemerals: 103,
  getAllChildrenNumber: 104,
  setWatches2: 105,
  addWatch: 106,
  whoAmI: 107,
  createSession: -10,
  closeSession: -11,
};

/** The type of a failed operation inside a multi, and of the header that ends one (MULTI-05, MULTI-07). */
export const ERROR_IN_MULTI = -1;

/** KeeperException.Code. */
const ERROR_CODES: { readonly [Name in ErrorCode]: number } = {
  OK: 0,
  SYSTEMERROR: -1,
  RUNTIMEINCONSISTENCY: -2,
  DATAINCONSISTENCY: -3,
  CONNECTIONLOSS: -4,
  MARSHALLINGERROR: -5,
  UNIMPLEMENTED: -6,
  OPERATIONTIMEOUT: -7,
  BADARGUMENTS: -8,
  UNKNOWNSESSION: -12,
  NEWCONFIGNOQUORUM: -13,
  RECONFIGINPROGRESS: -14,
  NONODE: -101,
  NOAUTH: -102,
  BADVERSION: -103,
  NOCHILDRENFOREPHEMERALS: -108,
  NODEEXISTS: -110,
  NOTEMPTY: -111,
  SESSIONEXPIRED: -112,
  INVALIDCALLBACK: -113,
  INVALIDACL: -114,
  AUTHFAILED: -115,
  SESSIONMOVED: -118,
  NOTREADONLY: -119,
  EPHEMERALONLOCALSESSION: -120,
  NOWATCHER: -121,
  REQUESTTIMEOUT: -122,
  RECONFIGDISABLED: -123,
  SESSIONCLOSEDREQUIRESASLAUTH: -124,
  QUOTAEXCEEDED: -125,
  THROTTLEDOP: -127,
};

/** Watcher.Event.EventType; a server sends no others. */
const EVENT_TYPES: { readonly [Name in WatchEventType]: number } = {
  NodeCreated: 1,
  NodeDeleted: 2,
  NodeDataChanged: 3,
  NodeChildrenChanged: 4,
};

/** Watcher.Event.KeeperState of every event that a server sends. */
export const SYNC_CONNECTED = 3;

const errorNames = namesOf(ERROR_CODES);
const eventNames = namesOf(EVENT_TYPES);

/** The way back of a table of numbers. */
export function namesOf<Name extends string>(numbers: { readonly [N in Name]: number }): Readonly<Record<number, Name>> {
  const names: Record<number, Name> = {};
  for (const [name, number] of Object.entries(numbers) as [Name, number][]) {
    assert(names[number] === undefined, `${name} has the number of another`);
    names[number] = name;
  }
  return names;
}

export function numberOfError(error: ErrorCode): number {
  return ERROR_CODES[error];
}

export function errorOfNumber(number: number): ErrorCode {
  const name = errorNames[number];
  if (name === undefined) throw new WireError(`expected an error code, found ${number}`);
  return name;
}

export function numberOfEvent(event: WatchEventType): number {
  return EVENT_TYPES[event];
}

export function eventOfNumber(number: number): WatchEventType {
  const name = eventNames[number];
  if (name === undefined) throw new WireError(`expected the type of a watch event, found ${number}`);
  return name;
}
