import { Trap } from '../data/traps';
import { Evidence, filesOf } from '../evidence';
import { GENERATED, link, table } from './markdown';

const PAGE = 'docs/environments/traps.md';

/** The page of the mistakes that are not made again. */
export function trapsPage(traps: Trap[], tests: Evidence[]): string {
  return [
    GENERATED,
    '# Traps',
    'Where the documents that the environments come from were wrong, and which tests would notice if the mistake came back.',
    table(['Mistake', 'Why it fails', 'Noticed by'], traps.map(({ mistake, fails, noticedBy }) => [
      mistake, fails, filesOf(tests.filter(({ says }) => noticedBy.some((part) => says.includes(part)))).map((file) => link(PAGE, file)).join('<br>'),
    ])),
  ].join('\n\n') + '\n';
}
