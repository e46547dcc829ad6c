/** ZooKeeperServer.processPacket: what comes on a connection that speaks for a session, on the connection's own thread. */
import type { Bytes } from '../base/bytes.ts';
import { authenticate } from './auth-provider.ts';
import { closeAfterSending, closeConnection, connectionAt, hostOf, ownConnection } from './connections.ts';
import type { ServerContext } from './context.ts';
import type { ClientPacket, Operation } from './protocol.ts';
import { LEADER_ITSELF } from './request.ts';
import { countOutstanding, sendResponse } from './request-accounting.ts';
import { submitRequest } from './request-throttler.ts';
import type { Connection } from './thread-state.ts';

type AuthOperation = Extract<Operation, { op: 'auth' }>;
type OperationPacket = Extract<ClientPacket, { type: 'OP' }>;

/** False when nothing more is to be read from the connection, for now or for ever. */
export function processPacket(ctx: ServerContext, connection: Readonly<Connection>, packet: OperationPacket): boolean {
  countOutstanding(ctx, connection.id, packet.xid);
  return process(ctx, connection, packet) && connectionAt(ctx, connection.id)?.throttled === false;
}

function process(ctx: ServerContext, connection: Readonly<Connection>, { xid, operation }: OperationPacket): boolean {
  switch (operation.op) {
    case 'auth':
      return processAuth(ctx, connection, xid, operation);
    case 'sasl':
      return processSasl(ctx, connection, xid, operation.token);
    case 'undecodable':
      if (NETWORK_THREAD_CODES.has(operation.code)) return closeOnException(ctx, connection);
      break;
    default:
  }
  submitOperation(ctx, connection, xid, operation);
  return true;
}

/**
 * An identity for the connection, not for its session (ACL-09), ahead of the requests under way (ACL-10). One that it has already changes
 * nothing (ACL-17). After a failure nothing more is read.
 */
function processAuth(ctx: ServerContext, connection: Readonly<Connection>, xid: number, { scheme, auth }: AuthOperation): boolean {
  const ids = authenticate(scheme, auth, hostOf(connection.address), ctx.config);
  if (ids === null) {
    sendResponse(ctx, connection.id, { type: 'REPLY', xid, zxid: 0, error: 'AUTHFAILED', result: null });
    closeAfterSending(ctx, connection.id);
    return false;
  }
  const { authInfo } = connection;
  const fresh = ids.filter(({ scheme: by, id }) => !authInfo.some((known) => known.scheme === by && known.id === id));
  if (fresh.length > 0) ownConnection(ctx, connection.id).authInfo = [...authInfo, ...fresh];
  sendResponse(ctx, connection.id, { type: 'REPLY', xid, zxid: 0, error: 'OK', result: { op: 'auth' } });
  return true;
}

/** auth and sasl: what is wrong with their records nobody catches on the way (other records: VAL-18). */
const NETWORK_THREAD_CODES: ReadonlySet<number> = new Set([100, 102]);

function closeOnException(ctx: ServerContext, connection: Readonly<Connection>): false {
  closeConnection(ctx, connection.id, 'undecodable');
  return false;
}

/**
 * ZooKeeperServer.processSasl on a server without SASL: cnxn.zooKeeperSaslServer is null, that exception is only logged, and the answer is a
 * token that is not there. Like every answer from here it has zxid 0 and may overtake the requests under way (WIRE-08, WIRE-10). A null token
 * of the client is an exception that nobody catches.
 */
function processSasl(ctx: ServerContext, connection: Readonly<Connection>, xid: number, token: Bytes | null): boolean {
  if (token === null) return closeOnException(ctx, connection);
  sendResponse(ctx, connection.id, { type: 'REPLY', xid, zxid: 0, error: 'OK', result: { op: 'sasl', token: null } });
  return true;
}

/** The ids that the connection has at this moment go along (ACL-10). */
function submitOperation(ctx: ServerContext, connection: Readonly<Connection>, xid: number, operation: Operation): void {
  const { id, session, authInfo, role, timeoutMs } = connection;
  submitRequest(
    ctx,
    role,
    { type: 'request', session, cxid: xid, operation, connection: id, origin: id, owner: LEADER_ITSELF, authInfo, exception: 'OK' },
    timeoutMs,
  );
}
