import * as net from 'node:net';
import { checkPort, isBusy, LOOPBACK } from '../src/ports';
import { LocalAwsProblem } from '../src/problem';

test.each([1024, 4566, 65534])('takes the port %d', (port) => {
  expect(() => checkPort(port)).not.toThrow();
});

test.each([0, -1, 1023, 65535, 70000, 4566.5, NaN, Infinity])('fails for the port %d, which leaves none for plain HTTP or is none', (port) => {
  expect(() => checkPort(port)).toThrow(new LocalAwsProblem(
    `'--port' must be a whole number from 1024 to 65534, got ${port}; plain HTTP is served on the port after it`,
  ));
});

test('a port is busy while something listens there', async () => {
  const server = net.createServer().listen(0, LOOPBACK);
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as net.AddressInfo;
  await expect(isBusy(port)).resolves.toBe(true);
  await new Promise((resolve) => server.close(resolve));
  await expect(isBusy(port)).resolves.toBe(false);
});
