import * as net from 'node:net';
import { LocalAwsProblem } from './problem';

export const LOOPBACK = '127.0.0.1';

/** The port of TLS; plain HTTP, which only policies and their tests want, is on the next one. */
export const DEFAULT_PORT = 4566;

/**
 * @throws LocalAwsProblem unless the port and the one after it can be listened on
 */
export function checkPort(port: number): void {
  if (!Number.isInteger(port) || port < 1024 || port > 65534) {
    throw new LocalAwsProblem(`'--port' must be a whole number from 1024 to 65534, got ${port}; plain HTTP is served on the port after it`);
  }
}

/** Whether something listens there. */
export async function isBusy(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ host: LOOPBACK, port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
