import * as fs from 'node:fs';
import * as path from 'node:path';
import { run } from '../program';
import { Answer, Matcher } from './pattern';

const PROJECT = path.resolve(__dirname, '../../java');

/** AWS's own matcher of EventBridge patterns, https://github.com/aws/event-ruler, built into `cache`. */
export async function eventRuler(cache: string): Promise<Matcher> {
  const classpathFile = path.join(cache, 'classpath');
  const output = path.join(cache, 'target');
  await run('mvn', [
    '--quiet', '--batch-mode', '--file', path.join(PROJECT, 'pom.xml'), `-Dmaven.repo.local=${path.join(cache, 'maven')}`, `-Doutput=${output}`,
    'compile', 'dependency:build-classpath', `-Dmdep.outputFile=${classpathFile}`,
  ]);
  return async (questions) => {
    const classpath = [path.join(output, 'classes'), fs.readFileSync(classpathFile, 'utf8').trim()].join(path.delimiter);
    return JSON.parse(await run('java', ['-cp', classpath, 'proofs.Matcher'], { input: JSON.stringify(questions) })) as Answer[];
  };
}
