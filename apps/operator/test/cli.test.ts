import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as net from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';

const MAIN = path.join(__dirname, '..', 'lib', 'main.js');
/** Where the tests of this checkout keep their local AWSes: a fresh one installs for many seconds. */
const TEST_HOME = path.join(__dirname, '..', '..', '..', '.tapstack');

// each test starts Node.js, some load the CDK toolkit
jest.setTimeout(60_000);

interface Ending {
  readonly code: number;
  readonly out: string;
  readonly errors: string;
}

let directory: string;
let home: string;
beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'operator-'));
  home = path.join(directory, 'home');
  fs.writeFileSync(path.join(directory, 'tapstack.config.ts'), `export default {
    app: 'node main.js', environments: { workload: {} }, defaultEnvironment: 'workload', stages: ['ephemeral'], suffixPattern: /^[a-z]+$/,
    stackName: (suffix: string) => 'Stack' + suffix, parameters: () => ({}),
  };`);
});
afterEach(() => fs.rmSync(directory, { recursive: true }));

/** Runs the command as a person would, in the folder of an app. */
function tapstack(args: string[], environment: Record<string, string> = {}): Promise<Ending> {
  return new Promise((resolve) => {
    const env = { PATH: process.env.PATH, HOME: home, TAPSTACK_HOME: home, ...environment };
    const child = execFile('node', [MAIN, ...args], { cwd: directory, env }, (_, out, errors) => resolve({ code: child.exitCode!, out, errors }));
  });
}

/** Two ports in a row that nobody uses. */
async function freePort(): Promise<string> {
  const server = await listening(0);
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `${port}`;
}

async function listening(port: number): Promise<net.Server> {
  const server = net.createServer().listen(port, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return server;
}

function pythonThatSays(version: string): string {
  const script = path.join(directory, 'python');
  fs.writeFileSync(script, `#!/bin/sh\necho ${version}\n`, { mode: 0o755 });
  return script;
}

describe('exit code 2, one line, and nothing was touched', () => {
  test.each([
    [['up', '--env', 'other'], "tapstack: '--env' must be one of workload, got 'other'"],
    [['verify', '--env', 'other'], "tapstack: '--env' must be one of workload, got 'other'"],
    [['down', '--env', 'other'], "tapstack: '--env' must be one of workload, got 'other'"],
    [['up', '--stage', 'prod'], "tapstack: '--stage' must be one of ephemeral, got 'prod'"],
    [['up', '--suffix', 'Upper'], "tapstack: '--suffix' must match ^[a-z]+$ because it stands in the names of resources, got 'Upper'"],
    [['up', '--directory', 'nowhere'], "tapstack: no tapstack.config.ts in '<here>/nowhere'; run this where your CDK app is, or name the directory with '--directory'"],
  ])('%j', async (args, line) => {
    const { code, out, errors } = await tapstack(args);
    expect({ code, out, errors: errors.replace(fs.realpathSync(directory), '<here>') }).toEqual({ code: 2, out: '', errors: `${line}\n` });
    expect(fs.existsSync(home)).toBe(false);
  });

  test.each([
    [['up', '--port', 'many'], "error: option '--port <port>' argument 'many' is invalid. must be a whole number."],
    [['local', 'start', '--port', '-1'], "error: option '--port <port>' argument '-1' is invalid. must be a whole number."],
    [['up', '--target', 'mars'], "error: option '--target <target>' argument 'mars' is invalid. Allowed choices are local, aws."],
    [['up', '--sufix', 'dev'], "error: unknown option '--sufix'"],
    [['fly'], "error: unknown command 'fly'"],
  ])('%j, and says where help is', async (args, line) => {
    const { code, out, errors } = await tapstack(args);
    expect([code, out]).toEqual([2, '']);
    expect(errors).toContain(line);
    expect(errors).toContain('(tapstack --help lists what there is)');
  });
});

test('--help lists the commands, with exit code 0', async () => {
  const { code, out } = await tapstack(['--help']);
  expect(code).toBe(0);
  for (const command of ['up', 'verify', 'down', 'local']) expect(out).toMatch(new RegExp(`^  ${command} `, 'm'));
});

describe('exit code 3: there is no local AWS, and one line says why', () => {
  let port: string;
  beforeEach(async () => { port = await freePort(); });

  test.each(['80', '65535'])('the port %s cannot be used', async (unusable) => {
    expect(await tapstack(['local', 'start', '--port', unusable])).toEqual({
      code: 3, out: '', errors: `tapstack: '--port' must be a whole number from 1024 to 65534, got ${unusable}; plain HTTP is served on the port after it\n`,
    });
  });

  test('the port is used by another program', async () => {
    const other = await listening(Number(port));
    expect(await tapstack(['local', 'start', '--port', port])).toEqual({
      code: 3, out: '', errors: `tapstack: port ${port} is used by another program; stop it, or choose another with '--port'\n`,
    });
    const { code, errors } = await tapstack(['up', '--port', port]);
    expect([code, errors.trimEnd().split('\n').at(-1)]).toEqual([3, `tapstack: port ${port} is used by another program; stop it, or choose another with '--port'`]);
    await new Promise((resolve) => other.close(resolve));
  });

  test('Python is missing', async () => {
    const { code, errors } = await tapstack(['local', 'start', '--port', port], { TAPSTACK_PYTHON: '/nowhere/python' });
    expect([code, errors]).toEqual([3, "tapstack: the local AWS needs Python 3.11 or newer, found: '/nowhere/python' does not run; install one, or name it in TAPSTACK_PYTHON\n"]);
  });

  test('Python is too old', async () => {
    const python = pythonThatSays('3.9.2');
    const { code, errors } = await tapstack(['local', 'start', '--port', port], { TAPSTACK_PYTHON: python });
    expect([code, errors]).toEqual([3, `tapstack: the local AWS needs Python 3.11 or newer, found: ${python} is 3.9.2; install one, or name it in TAPSTACK_PYTHON\n`]);
  });

  test.each([
    [['local', 'status'], "no local AWS runs on port <port>; 'tapstack local start' starts one"],
    [['local', 'logs'], 'no local AWS was ever started on port <port>'],
    [['verify'], "no local AWS runs on port <port>; 'tapstack up' starts one"],
  ])('none runs: %j', async (args, line) => {
    expect(await tapstack([...args, '--port', port])).toEqual({ code: 3, out: '', errors: `tapstack: ${line.replace('<port>', port)}\n` });
  });
});

describe('nothing to do is no error', () => {
  test('down where nothing runs', async () => {
    const port = await freePort();
    expect(await tapstack(['down', '--port', port])).toEqual({ code: 0, out: `down: Stackdev is not there, no local AWS runs on port ${port}, 0 left behind\n`, errors: '' });
  });

  test('stop where nothing runs', async () => {
    const port = await freePort();
    expect(await tapstack(['local', 'stop', '--port', port])).toEqual({ code: 0, out: `no local AWS ran on port ${port}\n`, errors: '' });
  });
});

test('local env prints what a shell needs', async () => {
  const { code, out } = await tapstack(['local', 'env', '--port', '4700']);
  expect(code).toBe(0);
  expect(out.trim().split('\n').filter((line) => !/^export [A-Z0-9_]+='[^']+'$/.test(line))).toEqual([]);
  expect(out).toContain("export AWS_ENDPOINT_URL='https://127.0.0.1:4700'");
});

test('a local AWS is started, found running, asked, and stopped', async () => {
  const port = await freePort();
  const local = (command: string) => tapstack(['local', command, '--port', port], { TAPSTACK_HOME: TEST_HOME });
  try {
    const started = await local('start');
    expect([started.code, started.out]).toEqual([0, expect.stringContaining(`local AWS started: https://127.0.0.1:${port}\n`)]);
    expect(await local('start')).toEqual({ code: 0, out: `local AWS already runs: https://127.0.0.1:${port}\n`, errors: '' });
    expect((await local('status')).out).toContain(`local AWS https://127.0.0.1:${port} (plain HTTP http://127.0.0.1:${Number(port) + 1}), process `);
    expect((await local('logs')).code).toBe(0);
  } finally {
    expect(await local('stop')).toEqual({ code: 0, out: `local AWS on port ${port} stopped\n`, errors: '' });
    fs.rmSync(path.join(TEST_HOME, `local-${port}`), { recursive: true, force: true });
  }
  expect((await local('status')).code).toBe(3);
}, 300_000);
