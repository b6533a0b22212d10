import * as fs from 'node:fs';
import { clientEnvironment, LocalAws } from '@tapstack/local-aws';
import { ExitCode, Problem } from '../problem';

/** The options of `tapstack local …`. */
export interface LocalOptions {
  readonly port?: number;
}

/** `tapstack local start`. */
export async function localStart(options: LocalOptions): Promise<ExitCode> {
  const local = new LocalAws(options);
  const started = await local.start((line) => console.log(line));
  console.log(`local AWS ${started ? 'started' : 'already runs'}: ${local.endpoint}`);
  return ExitCode.OK;
}

/** `tapstack local stop`. */
export async function localStop(options: LocalOptions): Promise<ExitCode> {
  const local = new LocalAws(options);
  console.log(await local.stop() ? `local AWS on port ${local.port} stopped` : `no local AWS ran on port ${local.port}`);
  return ExitCode.OK;
}

/** `tapstack local status`: exit code 3 if none runs. */
export async function localStatus(options: LocalOptions): Promise<ExitCode> {
  const local = new LocalAws(options);
  const health = await local.health();
  if (!health) throw new Problem(`no local AWS runs on port ${local.port}; 'tapstack local start' starts one`, ExitCode.LOCAL_AWS);
  console.log(`local AWS ${local.endpoint} (plain HTTP ${local.plainEndpoint}), process ${health.pid}`);
  console.log(`ministack ${health.ministack}, extension ${health.extension}: ${health.refusals.length} groups of refusals, ${health.deliveries.length} of deliveries`);
  return ExitCode.OK;
}

/** `tapstack local logs`. */
export async function localLogs(options: LocalOptions): Promise<ExitCode> {
  const { log, port } = new LocalAws(options);
  if (!fs.existsSync(log)) throw new Problem(`no local AWS was ever started on port ${port}`, ExitCode.LOCAL_AWS);
  process.stdout.write(fs.readFileSync(log));
  return ExitCode.OK;
}

/** `tapstack local env`: lines for a shell, so that any AWS client talks to it. */
export async function localEnv(options: LocalOptions): Promise<ExitCode> {
  for (const [name, value] of Object.entries(clientEnvironment(new LocalAws(options)))) console.log(`export ${name}='${value}'`);
  return ExitCode.OK;
}
