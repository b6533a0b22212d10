import { GetTrailCommand } from '@aws-sdk/client-cloudtrail';
import { DescribeDBInstancesCommand } from '@aws-sdk/client-rds';
import { GetBucketEncryptionCommand } from '@aws-sdk/client-s3';
import { confirming, Drill, unless } from '@tapstack/operator';

/** The outputs with the keys of each kind of data, and with the bucket. */
export interface KeysOfData {
  readonly bucket: string;
  readonly ofBucket: string;
  readonly ofDatabase: string;
  readonly ofTrail: string;
}

/** What is stored, the database and the trail are encrypted with a key each (D-03). */
export function keysAre({ bucket, ofBucket, ofDatabase, ofTrail }: KeysOfData): Drill {
  return confirming(['D-03'], ({ stack, target: { clients } }) => [{
    title: `the keys: ${ofBucket} encrypts ${bucket}, ${ofDatabase} the database, ${ofTrail} the trail`,
    run: async () => {
      const { ServerSideEncryptionConfiguration: ofS3 } = await clients.s3.send(new GetBucketEncryptionCommand({ Bucket: stack.output(bucket) }));
      const { DBInstances } = await clients.rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: stack.output('DatabaseInstanceId') }));
      const { Trail } = await clients.cloudTrail.send(new GetTrailCommand({ Name: stack.output('TrailArn') }));
      const used = [
        [ofBucket, ofS3?.Rules?.[0].ApplyServerSideEncryptionByDefault?.KMSMasterKeyID],
        [ofDatabase, DBInstances?.[0].KmsKeyId],
        [ofTrail, Trail?.KmsKeyId],
      ] as const;
      return unless(used.map(([output, arn]) => arn?.split('/').at(-1) !== stack.output(output) && `${arn} is not ${output}`));
    },
  }]);
}
