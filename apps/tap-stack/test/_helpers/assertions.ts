import * as fs from 'node:fs';
import { App } from 'aws-cdk-lib';
import { DeployedEnvironment } from './deployed-environment';
import { Properties, ReadTemplate } from './read-template';

/** A call that an integration test makes. */
export interface AssertedCall {
  readonly id: string;
  readonly api: string;
  readonly parameters: Properties;
  /** What the answer has to be like, as text; nothing, if any answer will do. */
  readonly expected?: string;
  /** What happens before it. */
  readonly after: readonly string[];
}

/** The assertions of an integration test, and what they are made on. */
export class Assertions {
  /** Those of a test as it is written now. */
  public static of({ assertionStack, deployedStack }: DeployedEnvironment): Assertions {
    const assembly = (assertionStack.node.root as App).synth();
    const [text, deployed] = [assertionStack, deployedStack].map(({ artifactId }) => fs.readFileSync(assembly.getStackArtifact(artifactId).templateFullPath, 'utf8'));
    return new Assertions(text, new ReadTemplate(deployed));
  }

  public readonly calls: readonly AssertedCall[];
  private readonly template: ReadTemplate;

  /**
   * @param deployed the environment as it is deployed
   * @param taken the calls that are taken out
   */
  private constructor(private readonly text: string, public readonly deployed: ReadTemplate, private readonly taken: readonly string[] = []) {
    this.template = new ReadTemplate(text);
    const told = new Set(Object.values(this.template.outputs).map(({ Value }) => Value));
    const made = this.template.resources.filter(({ Type, logicalId }) => Type.startsWith('Custom::DeployAssert@') && !taken.includes(logicalId));
    this.calls = made.map(({ logicalId: id, DependsOn: after = [], Properties: { api, parameters, expected } }) => ({
      id,
      api: api as string,
      parameters: Object.fromEntries(Object.entries(parameters ?? {}).map(([name, value]) => [name, JSON.parse(value as string) as unknown])),
      // nobody hears of what no output tells
      expected: told.has(`\${${id}.assertion}`) ? expected as string : undefined,
      after,
    }));
  }

  /** How many of the calls assert something. */
  public get count(): number {
    return this.calls.filter(({ expected }) => expected !== undefined).length;
  }

  /** Those of one name. */
  public of(api: string): AssertedCall[] {
    return this.calls.filter((call) => call.api === api);
  }

  /** The answers that are expected of functions that are asked something like this. */
  public answers(asked: RegExp): AssertedCall[] {
    return this.of('invoke').filter(({ parameters: { Payload }, expected }) => asked.test(Payload as string) && expected !== undefined);
  }

  /** Whether messages of the topic of alerts go to a queue. */
  public subscribes(queueUrl: unknown): boolean {
    return this.template.ofType('AWS::SNS::Subscription').some(({ Properties: { TopicArn, Endpoint } }) => (
      /-AlertsTopicArn\}$/.test(TopicArn as string) && Endpoint === (queueUrl as string).replace('}', '.Arn}')
    ));
  }

  /** The same, with one call less. */
  public without({ id }: AssertedCall): Assertions {
    return new Assertions(this.text, this.deployed, [...this.taken, id]);
  }
}
