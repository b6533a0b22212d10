import * as os from 'node:os';
import * as path from 'node:path';

/** Where local AWSes keep what they need: one folder per port, and the virtual environments they share. */
export class Home {
  /** The home that `TAPSTACK_HOME` names, else `~/.tapstack`. */
  public static fromEnvironment(environment: NodeJS.ProcessEnv = process.env): Home {
    return new Home(path.resolve(environment.TAPSTACK_HOME || path.join(os.homedir(), '.tapstack')));
  }

  constructor(public readonly directory: string) {}

  /** Everything of the local AWS on one port. */
  public instance(port: number): string {
    return path.join(this.directory, `local-${port}`);
  }

  /** What the process prints. */
  public log(port: number): string {
    return path.join(this.instance(port), 'server.log');
  }

  /** What is known of the process that was started last. */
  public record(port: number): string {
    return path.join(this.instance(port), 'instance.json');
  }

  /** The virtual environment for one set of requirements and one Python. */
  public virtualEnvironment(fingerprint: string): string {
    return path.join(this.directory, `venv-${fingerprint}`);
  }
}
