import { GetTopicAttributesCommand } from '@aws-sdk/client-sns';
import { unless } from '../check';
import { parsePolicy, refusesPlainHttp } from './policy';
import { Posture } from './posture';

/** Topics are encrypted with a customer key and refuse plain HTTP. */
export const topics: Posture = (stack, { sns }) => stack.ofType('AWS::SNS::Topic').map(({ logicalId, physicalId: TopicArn }) => ({
  title: `${logicalId}: is encrypted with a customer key and denies plain HTTP`,
  run: async () => {
    const { Attributes } = await sns.send(new GetTopicAttributesCommand({ TopicArn }));
    return unless([
      !Attributes?.KmsMasterKeyId && 'no customer key',
      Attributes?.KmsMasterKeyId?.includes('alias/aws/') && 'the key is AWS\'s, which no service can publish through',
      !(Attributes?.Policy && refusesPlainHttp(parsePolicy(Attributes.Policy))) && 'no statement denies requests without TLS',
    ]);
  },
}));
