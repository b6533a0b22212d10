/** Where a requirement is wired: a construct of the environment, by its path, and the properties that say it; or a file of the app that says it for all. */
export interface Wiring {
  /** The path of the construct below the stack; none for a file. */
  readonly path?: string;
  /** Properties of the construct that say it, as they are called where it is made. */
  readonly props?: string[];
  /** A file of the app, from its folder. */
  readonly file?: string;
}

/** What an environment has to fulfil, and by what it does. */
export interface EnvironmentData {
  readonly summary: string;
  /** Requirements, by id or by letter. */
  readonly requirements: string[];
  readonly wiring: Record<string, Wiring[]>;
  /** Environments that it has all of, and whose tests are run for it, too. */
  readonly testedAs?: string[];
  /** Requirements that it meets otherwise than they say, by id, and how. */
  readonly departs?: Record<string, string>;
}

/** A construct and its properties. */
export const made = (path: string, ...props: string[]): Wiring => ({ path, props });

/** A file of the app. */
export const written = (file: string): Wiring => ({ file });

/** What every environment has from the conventions of the app. */
export const COMMON: Record<string, Wiring[]> = {
  'X-01': [written('src/parameters.ts')],
  'X-02': [written('src/conventions/names.ts'), written('src/app.ts')],
  'X-03': [written('src/conventions/tags.ts')],
  'X-04': [written('src/stage.ts')],
  'X-05': [written('src/conventions/outputs.ts')],
  'X-07': [written('src/conventions/helper-functions.ts')],
};
