const TIER_NAME = /^[A-Za-z][A-Za-z0-9-]{0,31}$/;

/** What is wrong with the name of a tier, if anything. It becomes part of logical ids and of descriptions. */
export function tierNameProblem(name: string): string | undefined {
  return TIER_NAME.test(name) ? undefined : `the name of a tier must be a letter, then at most 31 letters, digits and '-', got '${name}'`;
}
