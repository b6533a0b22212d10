import { Claim } from './collect/claims';
import { Control } from './data/controls';
import { carrying, Evidence } from './evidence';
import { answers, FrameworkControl, nameOf } from './frameworks';

/** All there is of one control. */
export interface Entry {
  readonly control: Control;
  readonly constructs: Claim[];
  readonly rows: Claim[];
  readonly tests: Evidence[];
  readonly answersTo: string[];
}

export interface Catalogue {
  readonly entries: Entry[];
  readonly problems: string[];
}

/** Brings together what stands in four places under one id, and says where one of them is missing. */
export function catalogue(controls: Control[], constructs: Claim[], rows: Claim[], tests: Evidence[], frameworks: FrameworkControl[]): Catalogue {
  const entries = controls.map((control): Entry => {
    const own = <T extends Claim>(claims: T[]) => claims.filter(({ id }) => id === control.id);
    const answersTo = own(rows).flatMap(({ answersTo: said = '' }) => answers(said));
    return { control, constructs: own(constructs), rows: own(rows), tests: carrying(tests, control.id), answersTo };
  });
  const known = new Map(controls.map((control) => [control.id, control]));
  const names = new Set(frameworks.map(nameOf));
  return {
    entries,
    problems: [
      ...[...constructs, ...rows].flatMap((claim) => doubtsAbout(claim, known.get(claim.id))),
      ...controls.filter(({ id }, index) => controls.findIndex((other) => other.id === id) !== index).map(({ id }) => `${id} is given twice in the catalogue`),
      ...entries.flatMap((entry) => missing(entry)),
      ...entries.flatMap(({ control: { id }, answersTo }) => answersTo.filter((answer) => !names.has(answer)).map((answer) => (
        `${id} answers to '${answer}', which no framework of the catalogue has`))),
    ],
  };
}

function doubtsAbout({ id, title, file }: Claim, control?: Control): string[] {
  if (!control) return [`${file} claims ${id}, which the catalogue does not have`];
  return title === control.title ? [] : [`${file} calls ${id} '${title}', and the catalogue '${control.title}'`];
}

function missing({ control: { id, package: name }, constructs, rows, tests }: Entry): string[] {
  return [
    constructs.length === 0 && `no comment of a construct claims ${id}`,
    rows.length !== 1 && `the README of ${name} must have one row of ${id}, got ${rows.length}`,
    tests.length === 0 && `no test carries ${id}`,
  ].filter((problem) => problem !== false);
}
