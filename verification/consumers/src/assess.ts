import { isDeepStrictEqual } from 'node:util';
import { Artefact } from './artefacts';
import { Consumer, Outcome } from './consumer';

/** Something that has to hold; it does when it has no problems. */
export interface Check {
  readonly title: string;
  readonly problems: string[];
}

/** A consumer with what came of it, or why nothing did. */
export interface Tried {
  readonly consumer: Pick<Consumer, 'language' | 'refusal'>;
  /** The source of its program. */
  readonly source: string;
  readonly outcome: Outcome | Error;
}

/** What has to hold for one language: the first language says what the template is. */
export function assess({ consumer, source, outcome }: Tried, reference: object | undefined, artefacts: Artefact[]): Check[] {
  const { language } = consumer;
  const came = outcome instanceof Error ? undefined : outcome;
  return [
    { title: `${language} installs the packed packages and synthesizes`, problems: came ? [] : [`${language} · ${(outcome as Error).message}`] },
    {
      title: `${language} uses a construct of every package that has one`,
      problems: artefacts.filter(({ hasConstructs, modules }) => hasConstructs && !source.includes(modules[language]))
        .map(({ name, modules }) => `${language} · the program must import '${modules[language]}', since ${name} has constructs`),
    },
    { title: `${language} refuses a wrong property`, problems: came ? problemsOfWrong(consumer, came) : [`${language} · the wrong property was not tried`] },
    { title: `${language} makes the template that every language makes`, problems: came ? differences(language, came.template, reference) : [`${language} · there is no template`] },
  ];
}

function problemsOfWrong({ language, refusal }: Tried['consumer'], { wrong }: Outcome): string[] {
  if (wrong.code === 0) return [`${language} · a number where a duration belongs must be refused, and was accepted`];
  if (!refusal.test(wrong.said)) return [`${language} · a number where a duration belongs must be refused with ${String(refusal)}, got: ${wrong.said.trim().slice(-500)}`];
  return [];
}

/** Where two templates differ, section by section; the order of keys does not matter. */
function differences(language: string, template: object, reference: object | undefined): string[] {
  if (!reference) return [`${language} · there is no template to compare with`];
  const [one, other] = [flat(template), flat(reference)];
  return [...new Set([...one.keys(), ...other.keys()])].sort()
    .filter((entry) => !isDeepStrictEqual(one.get(entry), other.get(entry)))
    .map((entry) => `${language} · '${entry}' of the template differs from the first language's`);
}

/** A template by section and entry: `Resources/Store…`. */
function flat(template: object): Map<string, unknown> {
  return new Map(Object.entries(template).flatMap(([section, entries]) => Object.entries(entries as object).map(([name, value]) => [`${section}/${name}`, value])));
}

/** How many resources a template has. */
export function resourcesIn(template: object | undefined): number {
  return Object.keys((template as { Resources?: object } | undefined)?.Resources ?? {}).length;
}
