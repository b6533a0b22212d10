import { attempt } from './program';

interface Requirement {
  readonly program: string;
  readonly args: string[];
  readonly name: string;
  readonly oldest: [major: number, minor: number];
}

const REQUIREMENTS: Requirement[] = [
  { program: 'python3', args: ['--version'], name: 'Python', oldest: [3, 11] },
  { program: 'javac', args: ['-version'], name: 'a Java development kit', oldest: [17, 0] },
  { program: 'mvn', args: ['--version'], name: 'Maven', oldest: [3, 8] },
];

/** What is missing on this machine, in one line: a pattern that cannot be executed is a failure, not a pass. */
export async function missingRequirements(): Promise<string | undefined> {
  const found = await Promise.all(REQUIREMENTS.map(async ({ program, args, ...rest }) => {
    const { code, stdout, stderr } = await attempt(program, args);
    return complaintAbout(rest, code === 0 ? stdout + stderr : undefined);
  }));
  return found.filter((complaint) => complaint !== undefined).join('; ') || undefined;
}

/** What is wrong with a tool that said this of its version; nothing if it will do. */
export function complaintAbout({ name, oldest }: Pick<Requirement, 'name' | 'oldest'>, said: string | undefined): string | undefined {
  const needed = `${name} ${oldest.join('.')} or newer is needed`;
  const version = said && /\s(\d+)(?:\.(\d+))?/.exec(said);
  if (!version) return `${needed}, found none`;
  const [major, minor] = [Number(version[1]), Number(version[2] ?? 0)];
  return major > oldest[0] || (major === oldest[0] && minor >= oldest[1]) ? undefined : `${needed}, found ${major}.${minor}`;
}
