/** How a command ends; scripts may rely on the numbers. */
export enum ExitCode {
  /** Everything asked for was done, and every check passed. */
  OK = 0,
  /** At least one check failed. */
  CHECKS_FAILED = 1,
  /** The command line or the configuration is wrong; nothing was touched. */
  USAGE = 2,
  /** The local AWS could not be started or reached. */
  LOCAL_AWS = 3,
  /** A deployment or a deletion failed. */
  STACK = 4,
}

/** Something the person at the command line can mend. One line: what is wrong, and what to do. */
export class Problem extends Error {
  public override readonly name = 'Problem';

  constructor(message: string, public readonly exitCode: ExitCode) {
    super(message);
  }
}
