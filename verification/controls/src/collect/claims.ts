/** Where a control is claimed, by its id. */
export interface Claim {
  readonly id: string;
  readonly title: string;
  readonly file: string;
  /** The construct whose comment says it; none in a README. */
  readonly construct?: string;
  /** The frameworks that a row of a README answers to, as it says it. */
  readonly answersTo?: string;
}

const CONTROL = /\b((?:NET|STO|AUD|CMP|APP)-\d{2}) ([^,.]+(?:\.[^,.\s][^,.]*)*)/g;

/** What the comments of the constructs of a file claim: `Controls: NET-01 exact addresses, NET-02 zones.` */
export function claimsOfConstructs(file: string, text: string): Claim[] {
  return [...text.matchAll(/\/\*\*((?:(?!\*\/)[^])*?\bControls?: (?:(?!\*\/)[^])*?)\*\/\s*export (?:abstract )?class (\w+)/g)].flatMap(([, comment, construct]) => {
    const [list] = comment.slice(/Controls?: /.exec(comment)!.index).replace(/^Controls?: /, '').replaceAll(/\s*\n\s*\* ?/g, ' ').split(/\.(?:\s|$)/);
    return [...list.matchAll(CONTROL)].map(([, id, title]) => ({ id, title: title.trim(), file, construct }));
  });
}

/** The rows of the tables of a README that begin with a control. */
export function claimsOfReadme(file: string, text: string): Claim[] {
  let column = -1;
  return text.split('\n').flatMap((line): Claim[] => {
    const cells = line.split(/(?<!\\)\|/).slice(1, -1).map((cell) => cell.trim());
    if (/^controls?$/i.test(cells[0] ?? '')) column = cells.indexOf('Answers to');
    const row = /^((?:NET|STO|AUD|CMP|APP)-\d{2}) ([^<]+)(?:<br>(.*))?$/.exec(cells[0] ?? '');
    return row ? [{ id: row[1], title: row[2].trim(), file, answersTo: row[3] ?? cells[column] ?? '' }] : [];
  });
}
