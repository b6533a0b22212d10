import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { askHealth, askLocalAws, Health } from './health';
import { Home } from './home';
import { oneAtATime } from './one-at-a-time';
import { checkPort, DEFAULT_PORT, isBusy, LOOPBACK } from './ports';
import { LocalAwsProblem } from './problem';
import { RememberedProcess } from './process';
import { ensureVirtualEnvironment } from './virtual-environment';

const PYTHON_SOURCES = path.join(__dirname, '..', 'python');
const START_SECONDS = 60;
const STOP_SECONDS = 10;

/** Settings of a local AWS. */
export interface LocalAwsOptions {
  /**
   * The port of TLS; plain HTTP is on the one after it.
   *
   * @default 4566
   */
  readonly port?: number;

  /**
   * Where it keeps its state.
   *
   * @default - what `TAPSTACK_HOME` names, else `~/.tapstack`
   */
  readonly home?: Home;
}

/** A local AWS on one port: whether it runs or not, this is how it is started, asked and stopped. */
export class LocalAws {
  public readonly port: number;
  public readonly region = 'us-east-1';
  private readonly home: Home;
  private readonly process: RememberedProcess;

  constructor(options: LocalAwsOptions = {}) {
    this.port = options.port ?? DEFAULT_PORT;
    this.home = options.home ?? Home.fromEnvironment();
    checkPort(this.port);
    this.process = new RememberedProcess(this.home.record(this.port), 'tapstack_local_aws');
  }

  /** Where clients connect. */
  public get endpoint(): string {
    return `https://${LOOPBACK}:${this.port}`;
  }

  /** The same service without TLS, so that a policy can be seen to refuse it. */
  public get plainEndpoint(): string {
    return `http://${LOOPBACK}:${this.port + 1}`;
  }

  /** The certificate of the authority that signed the server's. */
  public get authority(): string {
    return path.join(this.home.instance(this.port), 'tls', 'ca.pem');
  }

  public get cdkHome(): string {
    return path.join(this.home.instance(this.port), 'cdk');
  }

  public get log(): string {
    return this.home.log(this.port);
  }

  /** What it says of itself, or undefined if it does not run. */
  public async health(): Promise<Health | undefined> {
    return fs.existsSync(this.authority) ? askHealth(this.port, this.authority) : undefined;
  }

  /** Asks one of its own pages (`/_local/…`). */
  public async ask<T>(page: string, body?: unknown): Promise<T> {
    return askLocalAws<T>(this.port, this.authority, page, body);
  }

  /**
   * Starts it and waits until it answers. One that runs already is kept.
   *
   * @returns whether it was started now
   * @throws LocalAwsProblem if a port is taken, Python is missing, or it does not come up
   */
  public async start(report: (line: string) => void = () => {}): Promise<boolean> {
    if (await this.health()) return false;
    const instance = this.home.instance(this.port);
    fs.mkdirSync(instance, { recursive: true, mode: 0o700 });
    return oneAtATime(path.join(instance, 'starting'), () => this.startUnlessItRuns(report));
  }

  /**
   * Stops it, and whatever it started.
   *
   * @returns whether one ran
   */
  public async stop(): Promise<boolean> {
    const ran = this.process.running !== undefined;
    await this.process.end(STOP_SECONDS);
    return ran;
  }

  private async startUnlessItRuns(report: (line: string) => void): Promise<boolean> {
    if (await this.health()) return false;
    // started here, alive, and without an answer: left behind by something that was killed
    await this.process.end(STOP_SECONDS);
    for (const port of [this.port, this.port + 1]) {
      if (await isBusy(port)) throw new LocalAwsProblem(`port ${port} is used by another program; stop it, or choose another with '--port'`);
    }
    const python = await ensureVirtualEnvironment(this.home, path.join(PYTHON_SOURCES, 'requirements.txt'), report);
    report(`starting on port ${this.port}`);
    await this.awaitHealth(this.spawn(python));
    return true;
  }

  private spawn(python: string): Failure {
    const instance = this.home.instance(this.port);
    const log = fs.openSync(this.log, 'w');
    const server = spawn(python, [
      '-m', 'tapstack_local_aws', 'serve', '--port', `${this.port}`, '--http-port', `${this.port + 1}`,
      '--state', instance, '--node-path', sdkDirectory(), '--region', this.region,
    ], { env: { PATH: process.env.PATH, PYTHONPATH: PYTHON_SOURCES, PYTHONDONTWRITEBYTECODE: '1' }, detached: true, stdio: ['ignore', log, log] });
    fs.closeSync(log);
    const failure: Failure = {};
    server.once('error', (error) => { failure.reason = error.message; });
    server.once('exit', (code) => { failure.reason = `it ended with exit code ${code}`; });
    server.unref();
    if (server.pid !== undefined) this.process.remember(server.pid);
    return failure;
  }

  private async awaitHealth(failure: Failure): Promise<void> {
    const deadline = Date.now() + START_SECONDS * 1000;
    while (Date.now() < deadline && failure.reason === undefined) {
      if (await this.health()) return;
      await sleep(100);
    }
    throw new LocalAwsProblem(`the local AWS did not start: ${failure.reason ?? `no answer within ${START_SECONDS} seconds`}${this.lastLogLine()}`);
  }

  private lastLogLine(): string {
    const last = fs.existsSync(this.log) ? fs.readFileSync(this.log, 'utf8').trim().split('\n').at(-1) : undefined;
    return last ? ` (${last})` : `; see ${this.log}`;
  }
}

interface Failure {
  reason?: string;
}

/** The folder of packages that functions find their `@aws-sdk` clients in, as in the Lambda runtime. */
function sdkDirectory(): string {
  const client = path.dirname(require.resolve('@aws-sdk/client-s3/package.json'));
  return path.resolve(client, '..', '..');
}
