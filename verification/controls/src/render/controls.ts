import { Entry } from '../catalogue';
import { filesOf } from '../evidence';
import { FrameworkControl, nameOf } from '../frameworks';
import { GENERATED, link, table } from './markdown';

const PAGE = 'docs/controls.md';

/** The page of the catalogue. */
export function controlsPage(entries: Entry[], frameworks: FrameworkControl[]): string {
  const packages = [...new Set(entries.map(({ control }) => control.package))];
  const answered = new Set(entries.flatMap(({ answersTo }) => answersTo));
  const open = frameworks.filter((control) => control.applies === 'yes' && !answered.has(nameOf(control)));
  return [
    GENERATED,
    '# Controls',
    'What the packages promise, each under one id: in the comment of a construct, in a row of a README, in the names of tests, and here. Whether all four are there is checked by `npm test`.',
    ...packages.flatMap((name) => [
      `## ${name}`,
      table(['Control', 'Construct', 'Answers to', 'Tests'], entries.filter(({ control }) => control.package === name).map((entry) => [
        `${entry.control.id} ${link(PAGE, entry.rows[0]?.file ?? `packages/${name}/README.md`, entry.control.title)}`,
        [...new Set(entry.constructs.map(({ construct, file }) => link(PAGE, file, `\`${construct}\``)))].join(', '),
        entry.answersTo.join(', '),
        filesOf(entry.tests).map((file) => link(PAGE, file)).join(', '),
      ])),
    ]),
    '## Of the frameworks, and not answered by a control of a package',
    'They apply to what the environments hold. A control of an environment, of the account or of how it is operated may answer them, or nothing does: no row of a README claims it.',
    table(['Control', 'Asks'], open.map((control) => [nameOf(control), control.title])),
  ].join('\n\n') + '\n';
}
