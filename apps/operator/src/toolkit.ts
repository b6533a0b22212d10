import * as path from 'node:path';
import { BootstrapEnvironments, CdkAppMultiContext, ICloudAssemblySource, IIoHost, IoMessage, IoRequest, StackActivity, StackParameters, Toolkit } from '@aws-cdk/toolkit-lib';
import { ExitCode, Problem } from './problem';
import { Selection } from './selection';
import { Target } from './target';

/** The message that carries one event of a stack. */
const STACK_ACTIVITY = 'CDK_TOOLKIT_I5502';
const POLL_MILLISECONDS = 500;

/** Says what happens while it happens, one short line at a time. */
export type Report = (line: string) => void;

/** The CDK toolkit: the way a deployment by `cdk deploy` takes, bootstrap, assets and change set included. */
export class CdkDeployment {
  private readonly toolkit: Toolkit;
  private readonly io: QuietHost;

  constructor(private readonly target: Target, private readonly directory: string, report: Report) {
    this.io = new QuietHost(report);
    this.toolkit = new Toolkit({ ioHost: this.io, sdkConfig: target.sdkConfig, color: false, emojis: false });
  }

  /** Synthesizes one stack of the app. */
  public async source(app: string, selection: Selection): Promise<ICloudAssemblySource> {
    return this.toolkit.fromCdkApp(app, {
      workingDirectory: this.directory,
      outdir: path.join(this.directory, 'cdk.out', selection.stackName),
      contextStore: new CdkAppMultiContext(this.directory, selection.context),
      disposeOutdir: false,
    });
  }

  /** Brings the account's bootstrap stack up to date. */
  public async bootstrap(account: string, region: string): Promise<void> {
    await this.attempt('bootstrap', () => this.toolkit.bootstrap(BootstrapEnvironments.fromList([`aws://${account}/${region}`])));
  }

  /** Publishes the assets, makes a change set, executes it. */
  public async deploy(source: ICloudAssemblySource, selection: Selection): Promise<void> {
    await this.attempt('deploy', () => this.toolkit.deploy(source, {
      deploymentMethod: { method: 'change-set' },
      parameters: StackParameters.exactly(selection.parameters),
      stackEventPollingInterval: this.pollInterval,
    }));
  }

  /** Deletes the stack. */
  public async destroy(source: ICloudAssemblySource): Promise<void> {
    await this.attempt('destroy', () => this.toolkit.destroy(source, { stackEventPollingInterval: this.pollInterval }));
  }

  private get pollInterval(): number | undefined {
    return this.target.local ? POLL_MILLISECONDS : undefined;
  }

  private async attempt<T>(what: string, action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      const reasons = this.io.failures.length > 0 ? this.io.failures : [(error as Error).message.split('\n')[0]];
      throw new Problem(`${what} failed: ${reasons.join('; ')}`, ExitCode.STACK);
    }
  }
}

/** Keeps what matters of the toolkit's messages: the progress of the stack, and why a resource failed. */
class QuietHost implements IIoHost {
  public readonly failures: string[] = [];

  constructor(private readonly report: Report) {}

  public async notify(message: IoMessage<unknown>): Promise<void> {
    if (message.code === STACK_ACTIVITY) this.noteActivity(message.data as StackActivity);
  }

  public async requestResponse<T>(request: IoRequest<unknown, T>): Promise<T> {
    return (typeof request.defaultResponse === 'boolean' ? true : request.defaultResponse) as T;
  }

  private noteActivity({ event, progress }: StackActivity): void {
    const status = event.ResourceStatus ?? '';
    if (status.endsWith('_FAILED') && !event.ResourceStatusReason?.includes('cancelled')) {
      this.failures.push(`${event.LogicalResourceId} (${event.ResourceType}): ${event.ResourceStatusReason ?? status}`);
    }
    if (status.endsWith('_COMPLETE')) {
      const done = progress.total ? `${progress.completed}/${progress.total}` : `${progress.completed}`;
      this.report(`${done} ${event.ResourceType} ${event.LogicalResourceId}`);
    }
  }
}
