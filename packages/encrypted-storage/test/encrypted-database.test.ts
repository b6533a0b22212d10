import { CfnParameter, Duration, RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as rds from 'aws-cdk-lib/aws-rds';
import { DatabaseEngine, EncryptedDatabase, EncryptedDatabaseProps, EncryptionKey } from '../src';
import { keyStatements } from './_helpers/policies';
import { FLAGS, stackInFrankfurt } from './_helpers/stacks';

const LOGS = ['error', 'general', 'slowquery'];

describe('EncryptedDatabase', () => {
  let stack: Stack;
  let vpc: ec2.Vpc;
  const start = (in_: Stack) => {
    stack = in_;
    vpc = new ec2.Vpc(stack, 'Vpc', { natGateways: 0, maxAzs: 2 });
  };
  beforeEach(() => start(stackInFrankfurt()));

  const template = () => Template.fromStack(stack);
  const make = (props: Partial<EncryptedDatabaseProps> = {}) => new EncryptedDatabase(stack, 'Db', { vpc, ...props });
  const instance = (properties: object) => template().hasResourceProperties('AWS::RDS::DBInstance', properties);
  const warns = (control: string, path = '/Stack/Db') => Annotations.fromStack(stack).hasWarning(path, Match.stringLikeRegexp(`encrypted-storage:${control}`));
  const warnsNot = (control: string) => Annotations.fromStack(stack).hasNoWarning('*', Match.stringLikeRegexp(`encrypted-storage:${control}`));

  describe('STO-01 customer key (B-08, D-03)', () => {
    test('makes one key, for storage, secret, insights and logs', () => {
      const arn = stack.resolve(make().encryptionKey.keyArn);
      instance({ StorageEncrypted: true, KmsKeyId: arn, MasterUserSecret: { KmsKeyId: arn }, PerformanceInsightsKMSKeyId: arn });
      template().allResourcesProperties('AWS::Logs::LogGroup', { KmsKeyId: arn });
      template().resourceCountIs('AWS::KMS::Key', 1);
    });

    test('uses the key it is given and makes no other', () => {
      const { key } = new EncryptionKey(stack, 'Mine');
      expect(make({ encryptionKey: key }).encryptionKey).toBe(key);
      instance({ KmsKeyId: stack.resolve(key.keyArn), MasterUserSecret: { KmsKeyId: stack.resolve(key.keyArn) } });
      template().resourceCountIs('AWS::KMS::Key', 1);
    });
  });

  describe('STO-02 TLS only (B-04)', () => {
    test.each(FLAGS)('the engine refuses connections without TLS, %s', (_, flags) => {
      start(stackInFrankfurt(flags));
      const { parameterGroup } = make();
      template().hasResourceProperties('AWS::RDS::DBParameterGroup', { Family: 'mysql8.4', Parameters: Match.objectLike({ require_secure_transport: '1' }) });
      instance({ DBParameterGroupName: stack.resolve(parameterGroup.bindToInstance({}).parameterGroupName) });
    });

    test('takes parameters of yours beside its own', () => {
      make({ parameters: { long_query_time: '2' } });
      template().hasResourceProperties('AWS::RDS::DBParameterGroup', { Parameters: Match.objectLike({ long_query_time: '2', require_secure_transport: '1' }) });
    });

    test.each(['require_secure_transport', 'general_log', 'slow_query_log', 'log_output'])("fails when '%s' is set by the caller", (name) => {
      expect(() => make({ parameters: { [name]: 'OFF' } })).toThrow(new RegExp(`'parameters' must not hold '${name}', .*, got 'OFF' \\[Stack/Db\\]`));
    });
  });

  describe('STO-08 survives its stack (X-04)', () => {
    test.each([
      ['when silent', undefined],
      ['with RETAIN_ON_UPDATE_OR_DELETE', RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE],
      ['with SNAPSHOT', RemovalPolicy.SNAPSHOT],
    ])('is protected, and leaves a final snapshot, %s', (_, removalPolicy) => {
      make({ removalPolicy });
      template().allResources('AWS::RDS::DBInstance', {
        DeletionPolicy: 'Snapshot', UpdateReplacePolicy: 'Snapshot', Properties: Match.objectLike({ DeletionProtection: true, DeleteAutomatedBackups: false }),
      });
    });

    test.each([
      [undefined, 'Retain'],
      [RemovalPolicy.SNAPSHOT, 'Retain'],
      [RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE, 'RetainExceptOnCreate'],
      [RemovalPolicy.DESTROY, 'Delete'],
    ])('its logs and the key that opens its snapshots: %s is %s', (removalPolicy, expected) => {
      make({ removalPolicy });
      template().allResources('AWS::Logs::LogGroup', { DeletionPolicy: expected });
      template().allResources('AWS::KMS::Key', { DeletionPolicy: expected });
    });

    test('goes with its automated backups when told so (C-04)', () => {
      make({ removalPolicy: RemovalPolicy.DESTROY });
      template().allResources('AWS::RDS::DBInstance', {
        DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete', Properties: Match.objectLike({ DeletionProtection: false, DeleteAutomatedBackups: true }),
      });
    });
  });

  describe('STO-15 managed password (B-04)', () => {
    test.each(FLAGS)('RDS makes and rotates it, and no template holds one, %s', (_, flags) => {
      start(stackInFrankfurt(flags));
      make();
      instance({ ManageMasterUserPassword: true, MasterUserPassword: Match.absent() });
      template().resourceCountIs('AWS::SecretsManager::Secret', 0);
      expect(JSON.stringify(template().toJSON())).not.toMatch(/not used|resolve:secretsmanager/);
    });

    test('a role that may read it may decrypt it, through Secrets Manager only', () => {
      const role = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') });
      const database = make();
      database.secret.grantRead(role);
      template().hasResourceProperties('AWS::IAM::Policy', {
        PolicyDocument: {
          Statement: Match.arrayWith([
            Match.objectLike({
              Action: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
              Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp('^DbInstance'), 'MasterUserSecret.SecretArn'] },
            }),
          ]),
        },
      });
      expect(keyStatements(stack)).toContainEqual(expect.objectContaining({
        Action: 'kms:Decrypt', Principal: { AWS: stack.resolve(role.roleArn) },
        Condition: { StringEquals: { 'kms:ViaService': 'secretsmanager.eu-central-1.amazonaws.com' } },
      }));
    });
  });

  describe('STO-16 who logs in', () => {
    test('the administrator has a name of its own, and IAM authentication is on', () => {
      make();
      instance({ MasterUsername: 'dboperator', EnableIAMDatabaseAuthentication: true });
    });

    test('a role connects by IAM, as one user', () => {
      const role = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('ec2.amazonaws.com') });
      make().instance.grantConnect(role, 'shop');
      template().hasResourceProperties('AWS::IAM::Policy', { PolicyDocument: { Statement: [Match.objectLike({ Action: 'rds-db:connect' })] } });
    });

    test('the administrator has the name it is given, even at deployment (X-01 DBUsername)', () => {
      make({ administratorName: new CfnParameter(stack, 'DBUsername').valueAsString });
      instance({ MasterUsername: { Ref: 'DBUsername' } });
    });

    test.each(['admin', 'root', 'Admin', 'rdsadmin', 'MYSQL', '', '1st', '_me', 'my-name', 'a'.repeat(17)])("fails when the administrator is called '%s'", (administratorName) => {
      expect(() => make({ administratorName })).toThrow(/'administratorName' must be 1 to 16 letters.*not easily guessed, got '.*' \[Stack\/Db\]/);
    });
  });

  describe('STO-17 logs that are written (D-06, C-04)', () => {
    test('every log is exported, and the engine told to write it', () => {
      make();
      instance({ EnableCloudwatchLogsExports: LOGS });
      template().hasResourceProperties('AWS::RDS::DBParameterGroup', { Parameters: Match.objectLike({ general_log: '1', slow_query_log: '1', log_output: 'FILE' }) });
    });

    test.each(LOGS)('the group of log %s has the name that RDS will look for', (log) => {
      make({ instanceIdentifier: 'orders' });
      template().hasResourceProperties('AWS::Logs::LogGroup', { LogGroupName: `/aws/rds/instance/orders/${log}`, RetentionInDays: 365 });
    });

    test('names instance and log groups alike when nobody names the instance', () => {
      const { logGroups } = make();
      const { DBInstanceIdentifier } = Object.values(template().findResources('AWS::RDS::DBInstance'))[0].Properties;
      const [prefix, stackId] = DBInstanceIdentifier['Fn::Join'][1];
      expect(prefix).toMatch(/^database-[0-9a-f]{8}-$/);
      template().hasResource('AWS::Logs::LogGroup', {
        Properties: { LogGroupName: { 'Fn::Join': ['', [`/aws/rds/instance/${prefix}`, stackId, '/error']] } },
      });
      expect(Object.keys(logGroups)).toEqual(LOGS);
    });

    test('the groups are there before the database', () => {
      const { logGroups } = make();
      const ids = Object.values(logGroups).map(({ node }) => stack.getLogicalId(node.defaultChild as logs.CfnLogGroup));
      template().hasResource('AWS::RDS::DBInstance', { DependsOn: Match.arrayWith(ids.map((id) => stack.resolve(id)).sort()) });
    });

    test('keeps them as long as it is told', () => {
      make({ logRetention: logs.RetentionDays.ONE_MONTH });
      template().allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 30 });
      warns('STO-10', '/Stack/Db/Log-error');
    });

    test('no helper function sets retentions', () => {
      make();
      template().resourceCountIs('AWS::Lambda::Function', 0);
    });
  });

  describe('STO-18 insight (D-06)', () => {
    test('is monitored every 60 seconds, with Performance Insights', () => {
      make();
      instance({ MonitoringInterval: 60, EnablePerformanceInsights: true, PerformanceInsightsRetentionPeriod: 7 });
      warnsNot('STO-18');
    });

    test('the monitoring role is for this database, and reaches one log group', () => {
      make({ instanceIdentifier: 'orders' });
      template().hasResourceProperties('AWS::IAM::Role', {
        AssumeRolePolicyDocument: {
          Statement: [Match.objectLike({
            Principal: { Service: 'monitoring.rds.amazonaws.com' },
            Condition: {
              StringEquals: { 'aws:SourceAccount': '111122223333' },
              ArnEquals: { 'aws:SourceArn': { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':rds:eu-central-1:111122223333:db:orders']] } },
            },
          })],
        },
      });
      const [policy] = Object.values(template().findResources('AWS::IAM::ManagedPolicy'));
      const resources = policy.Properties.PolicyDocument.Statement.flatMap(({ Resource }: { Resource: unknown }) => Resource);
      for (const resource of resources) {
        expect(resource['Fn::Join'][1][2]).toMatch(/^:logs:eu-central-1:111122223333:log-group:RDSOSMetrics(:|$)/);
      }
    });

    test.each([ec2.InstanceSize.MICRO, ec2.InstanceSize.SMALL])('fails with Performance Insights on t4g.%s', (size) => {
      expect(() => make({ instanceType: ec2.InstanceType.of(ec2.InstanceClass.T4G, size) }))
        .toThrow(/'instanceType' must be one that supports Performance Insights, got 't4g\..*'; .* \[Stack\/Db\]/);
    });

    test.each(['t3.medium', 'm7g.large', 'r6g.small'])('%s supports Performance Insights', (type) => {
      make({ instanceType: new ec2.InstanceType(type) });
      instance({ DBInstanceClass: `db.${type}`, EnablePerformanceInsights: true });
    });

    test('does without Performance Insights when told so, and warns', () => {
      make({ instanceType: new ec2.InstanceType('t4g.micro'), performanceInsights: false });
      instance({ EnablePerformanceInsights: false, PerformanceInsightsKMSKeyId: Match.absent() });
      warns('STO-18');
    });

    test('accepts a type that is known at deployment', () => {
      make({ instanceType: new ec2.InstanceType(new CfnParameter(stack, 'Type').valueAsString) });
      instance({ DBInstanceClass: { 'Fn::Join': ['', ['db.', { Ref: 'Type' }]] } });
    });
  });

  describe('STO-19 backups (B-04, D-06)', () => {
    test('keeps backups for seven days, with the tags of the database', () => {
      make();
      instance({ BackupRetentionPeriod: 7, CopyTagsToSnapshot: true });
      warnsNot('STO-19');
    });

    test.each([7, 35])('keeps backups for %d days when told so', (days) => {
      make({ backupRetention: Duration.days(days) });
      instance({ BackupRetentionPeriod: days });
    });

    test('warns below seven days', () => {
      make({ backupRetention: Duration.days(1) });
      warns('STO-19');
    });

    test('accepts days that are known at deployment', () => {
      make({ backupRetention: Duration.days(new CfnParameter(stack, 'Days', { type: 'Number' }).valueAsNumber) });
      instance({ BackupRetentionPeriod: { Ref: 'Days' } });
    });

    test.each([Duration.days(0), Duration.days(36), Duration.hours(36)])('fails when backups are kept for %s', (backupRetention) => {
      expect(() => make({ backupRetention })).toThrow(/'backupRetention' must be whole days from 1 to 35, got .* \[Stack\/Db\]/);
    });
  });

  describe('STO-20 two zones', () => {
    test('a standby takes over', () => {
      make();
      instance({ MultiAZ: true });
      warnsNot('STO-20');
    });

    test('does without a standby when told so, and warns', () => {
      make({ multiAz: false });
      instance({ MultiAZ: false });
      warns('STO-20');
    });
  });

  describe('STO-21 patches (C-04)', () => {
    test('runs the 8.4 line without a pinned patch, upgrades by itself, and has a certificate that is valid', () => {
      make();
      instance({ Engine: 'mysql', EngineVersion: '8.4', AutoMinorVersionUpgrade: true, CACertificateIdentifier: 'rds-ca-rsa2048-g1' });
    });

    test('runs another version when told so', () => {
      make({ engine: DatabaseEngine.mysql(rds.MysqlEngineVersion.of('8.0', '8.0')) });
      instance({ EngineVersion: '8.0', EnableCloudwatchLogsExports: LOGS });
      template().hasResourceProperties('AWS::RDS::DBParameterGroup', { Family: 'mysql8.0', Parameters: Match.objectLike({ require_secure_transport: '1' }) });
    });
  });

  describe('STO-23 unusual port', () => {
    test('listens on a port that is not tried first', () => {
      make();
      instance({ Port: '13306' });
      warnsNot('STO-23');
    });

    test('warns about the usual one', () => {
      make({ port: 3306 });
      instance({ Port: '3306' });
      warns('STO-23');
    });

    test.each([1149, 65_536, 3306.5])('fails on port %d', (port) => {
      expect(() => make({ port })).toThrow(/'port' must be a whole number from 1150 to 65535, got .* \[Stack\/Db\]/);
    });
  });

  describe('storage', () => {
    test('begins with 20 GiB of gp3 and grows to five times as much', () => {
      make();
      instance({ AllocatedStorage: '20', MaxAllocatedStorage: 100, StorageType: 'gp3' });
    });

    test('begins and ends where it is told', () => {
      make({ storage: Size.gibibytes(100), storageLimit: Size.gibibytes(110) });
      instance({ AllocatedStorage: '100', MaxAllocatedStorage: 110 });
    });

    test('never grows beyond what RDS has', () => {
      make({ storage: Size.tebibytes(20) });
      instance({ AllocatedStorage: '20480', MaxAllocatedStorage: 65_536 });
    });

    test('the largest can grow by a tenth', () => {
      make({ storage: Size.gibibytes(59_578), storageLimit: Size.gibibytes(65_536) });
      instance({ AllocatedStorage: '59578', MaxAllocatedStorage: 65_536 });
    });

    test('accepts a size that is known at deployment', () => {
      make({ storage: Size.gibibytes(new CfnParameter(stack, 'Storage', { type: 'Number' }).valueAsNumber) });
      instance({ AllocatedStorage: { Ref: 'Storage' }, MaxAllocatedStorage: 65_536 });
    });

    test.each([19, 59_579, 20.5])('fails with %d GiB', (gibibytes) => {
      expect(() => make({ storage: Size.gibibytes(gibibytes) })).toThrow(/'storage' must be whole gibibytes from 20 to 59578, got .* GiB \[Stack\/Db\]/);
    });

    test.each([100, 109, 65_537])('fails when 100 GiB may grow to %d', (gibibytes) => {
      expect(() => make({ storage: Size.gibibytes(100), storageLimit: Size.gibibytes(gibibytes) }))
        .toThrow(/'storageLimit' must be whole gibibytes from 110 to 65536, got .* GiB \[Stack\/Db\]/);
    });
  });

  describe('names', () => {
    test('makes no database until told so', () => {
      make();
      instance({ DBName: Match.absent() });
    });

    test('makes the database it is told', () => {
      make({ databaseName: 'shop' });
      instance({ DBName: 'shop' });
    });

    test.each(['', '1shop', 'my-shop', 'x'.repeat(65)])("fails when the database is called '%s'", (databaseName) => {
      expect(() => make({ databaseName })).toThrow(/'databaseName' must be 1 to 64 letters.*, got '.*' \[Stack\/Db\]/);
    });

    // RDS turns capitals into small letters, and the log groups would have the name that it was given
    test.each(['', 'Orders', '1orders', 'orders-', 'or--ders', 'x'.repeat(64)])("fails when the instance is called '%s'", (instanceIdentifier) => {
      expect(() => make({ instanceIdentifier })).toThrow(/'instanceIdentifier' must be 1 to 63 lower-case letters.*, got '.*' \[Stack\/Db\]/);
    });
  });

  test('the CloudFormation resource is one step away', () => {
    (make().node.defaultChild as rds.CfnDBInstance).preferredBackupWindow = '02:00-03:00';
    instance({ PreferredBackupWindow: '02:00-03:00' });
  });
});
