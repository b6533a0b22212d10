import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

/** The longest that SQS keeps a message. */
export const DEAD_LETTERS_KEPT_FOR = Duration.days(14);

/** What every queue says. */
export interface PrivateQueueProps extends sqs.QueueProps {
  readonly encryptionMasterKey: kms.IKey;
  readonly removalPolicy: RemovalPolicy;
}

/** A queue that is encrypted with a customer key and refuses plain HTTP. */
export function privateQueue(scope: Construct, id: string, props: PrivateQueueProps): sqs.Queue {
  const queue = new sqs.Queue(scope, id, { ...props, encryption: sqs.QueueEncryption.KMS });
  // not `enforceSSL`, whose statement has no sid to find it by
  queue.addToResourcePolicy(new iam.PolicyStatement({
    sid: 'DenyInsecureConnections',
    effect: iam.Effect.DENY,
    principals: [new iam.AnyPrincipal()],
    actions: ['sqs:*'],
    resources: [queue.queueArn],
    conditions: { Bool: { 'aws:SecureTransport': 'false' } },
  }));
  // a queue that outlives its stack stays protected
  (queue.node.findChild('Policy') as sqs.QueuePolicy).applyRemovalPolicy(props.removalPolicy);
  return queue;
}
