import { Trap } from './data/traps';
import { Evidence } from './evidence';

/** Traps that no test would notice. */
export function unnoticed(traps: Trap[], tests: Evidence[]): string[] {
  return traps.flatMap(({ mistake, noticedBy }) => {
    if (noticedBy.length === 0) return [`no test notices the trap '${mistake}'`];
    return noticedBy.filter((part) => !tests.some(({ says }) => says.includes(part))).map((part) => `the trap '${mistake}' is noticed by no test: none is called '… ${part} …'`);
  });
}
