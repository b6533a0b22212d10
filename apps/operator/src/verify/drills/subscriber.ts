import { SubscribeCommand, UnsubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, DeleteQueueCommand, GetQueueAttributesCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { Clients } from '../../clients';

/** A queue that listens to a topic for as long as a drill lasts. */
export class Subscriber {
  public static async to(clients: Clients, topicArn: string): Promise<Subscriber> {
    const name = `tapstack-drill-${process.pid}-${Date.now()}`;
    const { QueueUrl } = await clients.sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: { Policy: admit(topicArn) } }));
    try {
      const { Attributes } = await clients.sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
      const { SubscriptionArn } = await clients.sns.send(new SubscribeCommand({
        TopicArn: topicArn, Protocol: 'sqs', Endpoint: Attributes!.QueueArn, ReturnSubscriptionArn: true, Attributes: { RawMessageDelivery: 'true' },
      }));
      return new Subscriber(clients, QueueUrl!, SubscriptionArn!);
    } catch (error) {
      await clients.sqs.send(new DeleteQueueCommand({ QueueUrl }));
      throw error;
    }
  }

  private constructor(private readonly clients: Clients, private readonly queueUrl: string, private readonly subscriptionArn: string) {}

  /** Whether a message of which this is true arrives in time. */
  public async hears(isIt: (message: string) => boolean, seconds: number): Promise<boolean> {
    const deadline = Date.now() + seconds * 1000;
    do {
      const receive = new ReceiveMessageCommand({ QueueUrl: this.queueUrl, WaitTimeSeconds: 1, MaxNumberOfMessages: 10 });
      const { Messages } = await this.clients.sqs.send(receive);
      if (Messages?.some((message) => isIt(message.Body ?? ''))) return true;
    } while (Date.now() < deadline);
    return false;
  }

  public async leave(): Promise<void> {
    try {
      await this.clients.sns.send(new UnsubscribeCommand({ SubscriptionArn: this.subscriptionArn }));
    } finally {
      await this.clients.sqs.send(new DeleteQueueCommand({ QueueUrl: this.queueUrl }));
    }
  }
}

function admit(topicArn: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{
      Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Action: 'sqs:SendMessage', Resource: '*', Condition: { ArnEquals: { 'aws:SourceArn': topicArn } },
    }],
  });
}
