/**
 * Something the person at the command line can mend. The message is one line: what is wrong, and what to do.
 */
export class LocalAwsProblem extends Error {
  public override readonly name = 'LocalAwsProblem';
}
