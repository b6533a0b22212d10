#!/usr/bin/env node
import { LocalAwsProblem } from '@tapstack/local-aws';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { StackOptions } from './commands/context';
import type { LocalOptions } from './commands/local';
import { ExitCode, Problem } from './problem';

// Node.js 20 is the oldest we support; that the SDK will drop it one day is no news to whoever runs a command
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const program = new Command('tapstack')
  .description('Brings a stack up, proves that it works, takes it down; on a local AWS unless told otherwise.')
  .showHelpAfterError('(tapstack --help lists what there is)')
  .exitOverride((error) => { process.exitCode = error.exitCode === 0 ? ExitCode.OK : ExitCode.USAGE; throw error; });

// each command is loaded when it runs: `--help` need not wait for the AWS SDK
stackCommand('up', 'deploy an environment and verify it', async (options) => (await import('./commands/up')).up(options));
stackCommand('verify', 'verify an environment that runs', async (options) => (await import('./commands/verify')).verifyStack(options));
stackCommand('down', 'delete an environment and show that nothing is left', async (options) => (await import('./commands/down')).down(options));

const local = program.command('local').description('the local AWS itself');
localCommand('start', 'start it', async (options) => (await import('./commands/local')).localStart(options));
localCommand('stop', 'stop it; what it held is gone', async (options) => (await import('./commands/local')).localStop(options));
localCommand('status', 'say whether it runs', async (options) => (await import('./commands/local')).localStatus(options));
localCommand('logs', 'print what it logged', async (options) => (await import('./commands/local')).localLogs(options));
localCommand('env', 'print what a shell needs to talk to it', async (options) => (await import('./commands/local')).localEnv(options));

function stackCommand(name: string, description: string, action: (options: StackOptions) => Promise<ExitCode>): void {
  program.command(name).description(description)
    .option('--env <name>', 'the environment (default: what tapstack.config.ts says)')
    .option('--suffix <suffix>', 'tells stacks of one environment apart (default: dev)')
    .option('--stage <stage>', 'how much the stack is protected (default: the first of tapstack.config.ts)')
    .addOption(new Option('--target <target>', 'where the stack goes; "aws" uses your credentials and costs money').choices(['local', 'aws']).default('local'))
    .option('--port <port>', 'the port of the local AWS (default: 4566)', wholeNumber)
    .option('--directory <directory>', 'where the CDK app is', '.')
    .action((options: StackOptions) => finish(action(options)));
}

function localCommand(name: string, description: string, action: (options: LocalOptions) => Promise<ExitCode>): void {
  local.command(name).description(description)
    .option('--port <port>', 'its port (default: 4566); plain HTTP is on the next', wholeNumber)
    .action((options: LocalOptions) => finish(action(options)));
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('must be a whole number.');
  return Number(text);
}

/** One line and an exit code for what a person can mend; anything else is ours, and shows its stack. */
async function finish(command: Promise<ExitCode>): Promise<void> {
  try {
    process.exitCode = await command;
  } catch (error) {
    if (error instanceof Problem) process.exitCode = error.exitCode;
    else if (error instanceof LocalAwsProblem) process.exitCode = ExitCode.LOCAL_AWS;
    else throw error;
    console.error(`tapstack: ${error.message}`);
  }
}

program.parseAsync().catch((error: Error & { code?: string }) => {
  if (error.code?.startsWith('commander.')) return;
  console.error(error);
  process.exitCode = 70;
});
