/** What a deployment on the local AWS confirmed of requirements: the record that `npm test` compares with what it sees. */
export interface Confirmed {
  /** What was seen to hold, and the requirements that it confirms. */
  readonly confirmed: Readonly<Record<string, readonly string[]>>;
  /** What nobody can tell there, the requirements that it is about, and why. */
  readonly notVerifiable: Readonly<Record<string, { readonly confirms: readonly string[]; readonly because: string }>>;
}

/** What was seen of one requirement: what is said of the same thing in one sentence; then what nobody can tell, and why. */
export function seenOf(id: string, { confirmed, notVerifiable }: Confirmed): { readonly confirmed: string[]; readonly notVerifiable: string[] } {
  const subjects = new Map<string, string[]>();
  for (const says of Object.keys(confirmed).filter((each) => confirmed[each].includes(id))) {
    const [subject, ...rest] = says.split(': ');
    subjects.set(subject, [...subjects.get(subject) ?? [], rest.join(': ')]);
  }
  return {
    confirmed: [...subjects].map(([subject, says]) => `${subject}: ${[...says.filter((each) => !isDenial(each)), ...says.filter(isDenial)].join('; ')}`),
    notVerifiable: Object.entries(notVerifiable).filter(([, { confirms }]) => confirms.includes(id)).map(([says, { because }]) => `${says}: ${because}`),
  };
}

/** What somebody must not do stands after what it may. */
function isDenial(says: string): boolean {
  return says.startsWith('may not ');
}

/** Requirements of which nothing was seen, and nothing says why not. */
export function unseen(ids: readonly string[], record: Confirmed): string[] {
  return ids.filter((id) => {
    const { confirmed, notVerifiable } = seenOf(id, record);
    return confirmed.length + notVerifiable.length === 0;
  });
}

/** Statements, by what they are about, that are on no record. */
export function neverSeen(statements: Readonly<Record<string, Readonly<Record<string, unknown>>>>, records: readonly Confirmed[]): string[] {
  const all = Object.entries(statements).flatMap(([subject, of]) => Object.keys(of).map((what) => `${subject}: ${what}`));
  return all.filter((says) => !records.some(({ confirmed, notVerifiable }) => says in confirmed || says in notVerifiable));
}
