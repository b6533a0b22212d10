import { EncryptedDatabase, EncryptedDatabaseProps } from '@tapstack/encrypted-storage';
import { Annotations } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { OutputValue } from '../conventions/outputs';
import { EnvironmentStack } from '../environments/environment';

/** Not the usual port of MySQL, which is tried first. */
export const DATABASE_PORT = 13306;

/** Where the database is, and who reaches it. */
export interface MySqlProps extends Pick<EncryptedDatabaseProps, 'vpc' | 'subnets' | 'securityGroups' | 'eventTopic'> {
  readonly encryptionKey: kms.IKey;
  readonly alerts: sns.ITopic;
}

/** The database of an environment, kept and doubled as the stage says. */
export function mySql(stack: EnvironmentStack, { alerts, ...place }: MySqlProps): EncryptedDatabase {
  const { stage, parameters } = stack;
  Annotations.of(stack).acknowledgeWarning('encrypted-storage:STO-20', 'the stage decides whether the database has a standby (X-04)');
  return new EncryptedDatabase(stack, 'Database', {
    ...place,
    port: DATABASE_PORT,
    administratorName: parameters.databaseUsername(),
    multiAz: stage.databaseMultiAz,
    backupRetention: stage.databaseBackupRetention,
    logRetention: stage.logRetention,
    alarmTopic: alerts,
    removalPolicy: stage.dataRemoval,
  });
}

/** What others need of it. */
export function databaseOutputs({ instance, secret }: EncryptedDatabase): Record<string, OutputValue> {
  return {
    DatabaseInstanceId: { value: instance.instanceIdentifier, description: 'The database' },
    DatabaseEndpoint: { value: instance.dbInstanceEndpointAddress, description: 'The host name of the database' },
    DatabasePort: { value: instance.dbInstanceEndpointPort, description: 'The port of the database' },
    DatabaseSecretArn: { value: secret.secretArn, description: 'The secret that RDS keeps the password of the administrator in' },
  };
}
