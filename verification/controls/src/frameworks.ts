/** A control of a framework, as its catalogue has it. */
export interface FrameworkControl {
  readonly framework: string;
  readonly id: string;
  readonly title: string;
  readonly applies: string;
}

/** The rows of the catalogue: commas, and quotes around what has commas. */
export function parseCatalogue(text: string): FrameworkControl[] {
  return text.trim().split('\n').slice(1).map((line) => {
    const [framework, id, title, applies] = [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain);
    return { framework, id, title, applies };
  });
}

/** `CIS 3.0 4.1–4.15`, `5.0 4.1`: chapters, of the newest edition unless one is named. */
const CHAPTER = /^(CIS )?(?:(\d\.0) )?(\d+(?:\.\d+)+)(?:–(\d+(?:\.\d+)+))?$/;

/** `FSBP CloudTrail.1`, `.3`, `Security Hub CloudWatch.1–.14`: numbers of a service. */
const NUMBER = /^(?:(FSBP|Security Hub) )?([A-Za-z]\w*)?\.(\d+)(?:–\.(\d+))?$/;

/** `CT.SQS.PR.1`, `PR.2`: rules of a service. */
const RULE = /^(?:CT\.([A-Z0-9]+)\.)?PR\.(\d+)$/;

const NEWEST_EDITION = '7.0';

/** What a row of a README says it answers to, one by one: `CIS 3.0 4.1–4.3` is three. What a part leaves out is as in the part before it. */
export function answers(said: string): string[] {
  let [framework, service] = ['', ''];
  return said.split(/[;·,]/).map((part) => part.trim()).filter(Boolean).flatMap((part): string[] => {
    const rule = RULE.exec(part);
    if (rule) {
      service = rule[1] ?? service;
      return [`Control Tower CT.${service}.PR.${rule[2]}`];
    }
    const chapter = CHAPTER.exec(part);
    if (chapter) {
      const [, cis, edition, first, last] = chapter;
      if (cis || edition) framework = `CIS ${edition ?? NEWEST_EDITION}`;
      return range(first, last).map((id) => `${framework} ${id}`);
    }
    const number = NUMBER.exec(part);
    if (!number) return [part];
    const [, named, of, first, last] = number;
    framework = named ?? framework;
    service = of ?? service;
    return range(`${service}.${first}`, last && `${service}.${last}`).map((id) => `${framework} ${id}`);
  });
}

function range(first: string, last = first): string[] {
  const [chapter, from] = [first.slice(0, first.lastIndexOf('.') + 1), Number(first.slice(first.lastIndexOf('.') + 1))];
  const to = Number(last.slice(last.lastIndexOf('.') + 1));
  return Array.from({ length: to - from + 1 }, (_, index) => `${chapter}${from + index}`);
}

/** What a control of the catalogue is called in an answer. */
export function nameOf({ framework, id }: FrameworkControl): string {
  if (framework.startsWith('CIS')) return `CIS ${framework.split(' ').at(-1)} ${id}`;
  if (framework.startsWith('AWS ')) return `${framework.slice(4)} ${id}`;
  return framework.startsWith('Control Tower') ? `Control Tower ${id}` : id;
}
