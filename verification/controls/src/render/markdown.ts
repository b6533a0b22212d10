import * as path from 'node:path';

/** A table, one row a line. */
export function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

/** Text that begins no tag and no emphasis. */
export function literally(text: string): string {
  return text.replaceAll(/[<*]/g, '\\$&');
}

/** A link from one file of the repository to another. */
export function link(from: string, to: string, text = path.posix.basename(to)): string {
  return `[${text}](${path.posix.relative(path.posix.dirname(from), to)})`;
}

export const GENERATED = '<!-- Written by `npm run controls`; do not edit. -->';
