/** The TCP port of one server: open while its machine answers on it, closed while it refuses. */
import { createServer, type Server, type Socket } from 'node:net';

export interface ClientPort {
  readonly server: number;
  readonly host: string;
  /** The real one, once it was bound. */
  port: number;
  listener: Server | null;
  /** Not to be opened before, in milliseconds of the process; after another program took the port. */
  retryAt: number;
}

const RETRY_MS = 1000;
const BACKLOG = 4096;

export function makeClientPort(server: number, host: string, port: number): ClientPort {
  return { server, host, port, listener: null, retryAt: 0 };
}

/** Binds it; rejects with the system's error where that is not possible. */
export function openPort(port: ClientPort, onSocket: (socket: Socket) => void): Promise<void> {
  const listener = createServer({ allowHalfOpen: true }, onSocket);
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
export function setPort(port: ClientPort, isOpen: boolean, onSocket: (socket: Socket) => void, onError: (error: Error) => void): void {
  if (isOpen === (port.listener !== null)) return;
  if (!isOpen) return closePort(port);
  if (performance.now() < port.retryAt) return;
  openPort(port, onSocket).catch((error: Error) => {
    port.retryAt = performance.now() + RETRY_MS;
    onError(error);
  });
}
