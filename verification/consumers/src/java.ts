import * as fs from 'node:fs';
import * as path from 'node:path';
import { Artefact } from './artefacts';
import { Consumer, Outcome, readTemplate, Supplies } from './consumer';
import { attempt, run } from './program';

export const java: Consumer = {
  language: 'java',
  program: 'src/main/java/consumer/Consumer.java',
  refusal: /Wrong\.java.*int cannot be converted to Duration/,

  async consume(project: string, { artefacts, cdk, cache }: Supplies): Promise<Outcome> {
    const outdir = path.join(project, 'cdk.out');
    const local = path.join(cache, 'maven');
    // ours are packed anew under the same version: a copy from the last time would be taken for them
    for (const { maven } of artefacts) fs.rmSync(path.join(local, ...maven.groupId.split('.')), { recursive: true, force: true });
    fs.writeFileSync(path.join(project, 'pom.xml'), pom(artefacts, cdk));

    const classpathFile = path.join(project, 'classpath');
    await run('mvn', [
      '--quiet', '--batch-mode', `-Dmaven.repo.local=${local}`, 'compile', 'dependency:build-classpath', `-Dmdep.outputFile=${classpathFile}`,
    ], { cwd: project });
    const classpath = fs.readFileSync(classpathFile, 'utf8').trim();
    await run('java', ['-cp', [path.join('target', 'classes'), classpath].join(path.delimiter), 'consumer.Consumer'], { cwd: project, env: { CDK_OUTDIR: outdir } });
    const wrong = await attempt('javac', ['-cp', classpath, '-d', 'target', path.join('wrong', 'Wrong.java')], { cwd: project });
    return { template: readTemplate(outdir), wrong };
  },
};

function pom(artefacts: Artefact[], cdk: string): string {
  const dependency = (groupId: string, artifactId: string, version: string): string =>
    `    <dependency><groupId>${groupId}</groupId><artifactId>${artifactId}</artifactId><version>${version}</version></dependency>`;
  const repository = ({ maven, mavenRepository }: Artefact): string =>
    `    <repository><id>${maven.artifactId}</id><url>file://${mavenRepository}</url></repository>`;
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>consumer</groupId>
  <artifactId>consumer</artifactId>
  <version>1</version>
  <properties>
    <maven.compiler.source>17</maven.compiler.source>
    <maven.compiler.target>17</maven.compiler.target>
    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
  </properties>
  <repositories>
${artefacts.map(repository).join('\n')}
  </repositories>
  <dependencies>
${[...artefacts.map(({ maven, version }) => dependency(maven.groupId, maven.artifactId, version)), dependency('software.amazon.awscdk', 'aws-cdk-lib', cdk)].join('\n')}
  </dependencies>
</project>
`;
}
