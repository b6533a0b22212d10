import * as fs from 'node:fs';
import * as net from 'node:net';
import * as path from 'node:path';
import { clientEnvironment } from '../src/client-environment';
import { Home } from '../src/home';
import { LocalAws } from '../src/local-aws';
import { LOOPBACK } from '../src/ports';
import { LocalAwsProblem } from '../src/problem';
import { temporaryFolder } from './_helpers/folders';
import { pretendPython } from './_helpers/pretended-python';

/** Two ports in a row that nobody uses. */
async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, LOOPBACK);
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port < 65534 ? port : freePort();
}

describe('what it is without running', () => {
  const local = new LocalAws({ port: 4567, home: new Home('/somewhere') });

  test('listens on loopback, plain HTTP on the next port', () => {
    expect([local.endpoint, local.plainEndpoint]).toEqual(['https://127.0.0.1:4567', 'http://127.0.0.1:4568']);
  });

  test('tells AWS clients all they need, and nothing of the person\'s own account', () => {
    expect(clientEnvironment(local)).toEqual({
      AWS_ENDPOINT_URL: 'https://127.0.0.1:4567',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_CA_BUNDLE: '/somewhere/local-4567/tls/ca.pem',
      NODE_EXTRA_CA_CERTS: '/somewhere/local-4567/tls/ca.pem',
      AWS_EC2_METADATA_DISABLED: 'true',
      CDK_HOME: '/somewhere/local-4567/cdk',
    });
  });

  test('lives where TAPSTACK_HOME says, else in the home of the person', () => {
    expect(Home.fromEnvironment({ TAPSTACK_HOME: '/elsewhere' }).directory).toBe('/elsewhere');
    expect(path.basename(Home.fromEnvironment({}).directory)).toBe('.tapstack');
  });

  test('has the port 4566 unless told otherwise', () => {
    expect(new LocalAws({ home: new Home('/somewhere') }).port).toBe(4566);
  });
});

describe('what can go wrong', () => {
  let folder: string;
  let port: number;
  let local: LocalAws;
  beforeEach(async () => {
    folder = temporaryFolder();
    port = await freePort();
    local = new LocalAws({ port, home: new Home(path.join(folder, 'home')) });
    process.env.TAPSTACK_PYTHON = pretendPython(folder, { serverSays: 'cannot load the extension' });
  });
  afterEach(() => { delete process.env.TAPSTACK_PYTHON; });

  test('none runs: no health, and nothing to stop', async () => {
    await expect(local.health()).resolves.toBeUndefined();
    await expect(local.stop()).resolves.toBe(false);
  });

  test.each([0, 1])('fails to start if port + %d is used by another program, which is left alone', async (next) => {
    const other = net.createServer().listen(port + next, LOOPBACK);
    await new Promise((resolve) => other.once('listening', resolve));
    await expect(local.start()).rejects.toThrow(new LocalAwsProblem(
      `port ${port + next} is used by another program; stop it, or choose another with '--port'`,
    ));
    expect(other.listening).toBe(true);
    await new Promise((resolve) => other.close(resolve));
  });

  test('fails to start without a Python', async () => {
    process.env.TAPSTACK_PYTHON = path.join(folder, 'nothing');
    await expect(local.start()).rejects.toThrow(/^the local AWS needs Python 3\.11 or newer, found: '.*nothing' does not run;/);
  });

  test('fails to start, with the last line of its log, if the server ends', async () => {
    await expect(local.start()).rejects.toThrow(new LocalAwsProblem('the local AWS did not start: it ended with exit code 7 (cannot load the extension)'));
  });

  test('keeps what others may not read in a folder that only the person can open', async () => {
    await expect(local.start()).rejects.toThrow(LocalAwsProblem);
    expect(fs.statSync(path.join(folder, 'home', `local-${port}`)).mode & 0o077).toBe(0);
  });
});

describe('one that really runs', () => {
  // shared with the other tests of this checkout: a fresh one installs for many seconds
  const home = new Home(path.join(__dirname, '..', '..', '..', '.tapstack'));
  let local: LocalAws;
  beforeAll(async () => {
    local = new LocalAws({ port: await freePort(), home });
    await local.start();
  }, 300_000);
  afterAll(async () => {
    await local.stop();
    fs.rmSync(home.instance(local.port), { recursive: true, force: true });
  }, 30_000);

  test('says what it is', async () => {
    expect(await local.health()).toMatchObject({ status: 'ready', port: local.port, httpPort: local.port + 1, ministack: '1.5.33' });
  });

  test('is kept by a second start', async () => {
    const before = await local.health();
    await expect(new LocalAws({ port: local.port, home }).start()).resolves.toBe(false);
    expect((await local.health())?.pid).toBe(before?.pid);
  });

  test('listens on loopback and nowhere else', async () => {
    const { pid } = (await local.health())!;
    const addresses = listeningAddresses(pid);
    expect(addresses.length).toBeGreaterThanOrEqual(2);
    expect(addresses.filter((address) => address !== LOOPBACK)).toEqual([]);
  });

  test('answers a page it does not have with an error', async () => {
    await expect(local.ask('/_local/nothing')).rejects.toThrow(/^\/_local\/nothing answered 404/);
  });

  test('is not known to somebody with another home: its authority is another', async () => {
    await expect(new LocalAws({ port: local.port, home: new Home(temporaryFolder()) }).health()).resolves.toBeUndefined();
  });

  test('one that was killed is started again, and stops once', async () => {
    process.kill((await local.health())!.pid, 'SIGKILL');
    await expect(local.start()).resolves.toBe(true);
    await expect(local.stop()).resolves.toBe(true);
    await expect(local.stop()).resolves.toBe(false);
    await expect(local.health()).resolves.toBeUndefined();
  }, 60_000);
});

/** The addresses that a process listens on, from the kernel's tables. */
function listeningAddresses(pid: number): string[] {
  const sockets = new Set(fs.readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return /socket:\[(\d+)\]/.exec(fs.readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
    } catch {
      return [];
    }
  }));
  return ['tcp', 'tcp6'].flatMap((table) => fs.readFileSync(`/proc/${pid}/net/${table}`, 'utf8').split('\n').slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , , state, , , , , , inode]) => state === '0A' && sockets.has(inode))
    .map(([, local]) => address(local.split(':')[0])));
}

/** `0100007F` is 127.0.0.1; an address of IPv6 stays as it is. */
function address(hexadecimal: string): string {
  return hexadecimal.length === 8 ? hexadecimal.match(/../g)!.reverse().map((byte) => parseInt(byte, 16)).join('.') : hexadecimal;
}
