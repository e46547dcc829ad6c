/** The TCP port of one server: open while its machine answers on it, closed while it refuses. */
import { createServer, type Server, type Socket } from 'node:net';

export interface ClientPort {
  /** The server's node. */
  readonly server: number;
  readonly host: string;
  /** The real one, once it was bound. */
  port: number;
  listener: Server | null;
  /** Who takes connections; before there is somebody they are reset. */
  onSocket: (socket: Socket) => void;
  /** Not to be opened before, in milliseconds of the process; after another program took the port. */
  retryAt: number;
}

const RETRY_MS = 1000;
const BACKLOG = 4096;

/** Binds a port for each server, or none: rejects with the system's error. */
export async function bindPorts(addresses: readonly { readonly host: string; readonly port: number }[]): Promise<ClientPort[]> {
  const ports = addresses.map(({ host, port }, server): ClientPort => ({
    server,
    host,
    port,
    listener: null,
    onSocket: reset,
    retryAt: 0,
  }));
  try {
    for (const port of ports) await open(port);
  } catch (error) {
    for (const port of ports) closePort(port);
    throw error;
  }
  return ports;
}

function reset(socket: Socket): void {
  socket.on('error', () => undefined);
  socket.resetAndDestroy();
}

function open(port: ClientPort): Promise<void> {
  const listener = createServer({ allowHalfOpen: true }, (socket) => port.onSocket(socket));
  port.listener = listener;
  return new Promise((resolve, reject) => {
    listener.once('error', (error) => {
      if (port.listener === listener) port.listener = null;
      reject(error);
    });
    listener.listen({ host: port.host, port: port.port, backlog: BACKLOG }, () => {
      listener.removeAllListeners('error');
      listener.on('error', () => undefined); // a connection that could not be accepted: there are too many files
      const address = listener.address();
      if (address !== null && typeof address === 'object') port.port = address.port;
      resolve();
    });
  });
}

export function closePort(port: ClientPort): void {
  port.listener?.close();
  port.listener = null;
}

/** Opens or closes it as the world has it now. */
export function setPort(port: ClientPort, isOpen: boolean, onError: (error: Error) => void): void {
  if (isOpen === (port.listener !== null)) return;
  if (!isOpen) return closePort(port);
  if (performance.now() < port.retryAt) return;
  open(port).catch((error: Error) => {
    port.retryAt = performance.now() + RETRY_MS;
    onError(error);
  });
}
