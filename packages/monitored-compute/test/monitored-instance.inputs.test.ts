import { App, CfnParameter, Lazy, RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { LinuxImage, MonitoredInstance, MonitoredInstanceProps } from '../src';
import { networkOf, stackInFrankfurt } from './_helpers/stacks';

describe('MonitoredInstance, its inputs', () => {
  let stack: Stack;
  let vpc: ec2.Vpc;
  beforeEach(() => {
    stack = stackInFrankfurt();
    vpc = networkOf(stack);
  });
  const template = () => Template.fromStack(stack);
  const make = (props: Partial<MonitoredInstanceProps> = {}) => new MonitoredInstance(stack, 'Server', { vpc, ...props });
  const theInstance = () => Object.values(template().findResources('AWS::EC2::Instance'))[0];

  describe('bad input', () => {
    test('CMP-01 fails in public subnets unless the public tier was chosen', () => {
      expect(() => make({ subnets: { subnetType: ec2.SubnetType.PUBLIC } })).toThrow(/'subnets' must not select public subnets unless 'publicTier' is true.* \[Stack\/Server\]/);
    });

    test('fails in private subnets with the public tier chosen', () => {
      const subnets = { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS };
      expect(() => make({ publicTier: true, subnets })).toThrow(/'subnets' must select public subnets of the VPC with 'publicTier'.* \[Stack\/Server\]/);
    });

    test('fails when no subnet is selected', () => {
      expect(() => make({ subnets: { subnets: [] } })).toThrow(/'subnets' must select at least one subnet of the VPC, got none \[Stack\/Server\]/);
    });

    test.each([
      [Size.gibibytes(7), '7'],
      [Size.gibibytes(65537), '65537'],
      [Size.mebibytes(10_000), '9.765625'],
      [Size.gibibytes(Lazy.number({ produce: () => 20 })), 'a value of deployment'],
    ])('fails with a bad size of the root volume %#', (rootVolumeSize, got) => {
      expect(() => make({ rootVolumeSize })).toThrow(new RegExp(`'rootVolumeSize' must be whole GiB, from 8 to 65536,? .*got ${got} \\[Stack/Server\\]`));
    });

    test.each(['xvda', '', '/dev/'])("fails with a bad device: '%s'", (rootDeviceName) => {
      expect(() => make({ rootDeviceName })).toThrow(/'rootDeviceName' must be a device such as '\/dev\/xvda', got '.*' \[Stack\/Server\]/);
    });

    test.each([
      ['roleName', { roleName: 'other' }],
      ['permissionsBoundary', { permissionsBoundary: iam.ManagedPolicy.fromAwsManagedPolicyName('ReadOnlyAccess') }],
    ])("fails with '%s' for a role of yours", (prop, props) => {
      const role = iam.Role.fromRoleName(stack, 'Mine', 'mine');
      expect(() => make({ role, ...props })).toThrow(new RegExp(`'${prop}' must not be given together with 'role', which is yours \\[Stack/Server\\]`));
    });

    test('fails without any group', () => {
      expect(() => make({ securityGroups: [] })).toThrow(/'securityGroups' must name at least one group, got none.* \[Stack\/Server\]/);
    });

    test('fails with a relative log file', () => {
      expect(() => make({ logFiles: ['app.log'] })).toThrow(/'path' must be absolute, got 'app\.log' \[Stack\/Server\/Agent\]/);
    });
  });

  describe('image and type', () => {
    const image = () => Object.values(template().findParameters('*', { Type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>' }))[0].Default;

    test('is a t4g.small with the latest Amazon Linux 2023, by default', () => {
      make();
      expect(theInstance().Properties.InstanceType).toBe('t4g.small');
      expect(image()).toMatch(/\/al2023-ami-kernel-.*-arm64$/);
    });

    test.each([['m7i.large', /-x86_64$/], ['c7g.large', /-arm64$/]])('has the image of the architecture of %s', (type, name) => {
      make({ instanceType: new ec2.InstanceType(type) });
      expect(image()).toMatch(name);
    });

    test('takes both from parameters', () => {
      const type = new CfnParameter(stack, 'Type').valueAsString;
      const id = new CfnParameter(stack, 'Image', { type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>' }).valueAsString;
      make({ instanceType: new ec2.InstanceType(type), machineImage: LinuxImage.fromImageId(id) });
      expect(theInstance().Properties).toMatchObject({ InstanceType: { Ref: 'Type' }, ImageId: { Ref: 'Image' } });
    });

    test('fails when nobody knows the architecture', () => {
      const type = new CfnParameter(stack, 'Type').valueAsString;
      expect(() => make({ instanceType: new ec2.InstanceType(type) })).toThrow(/'machineImage' must be given when 'instanceType' is known at deployment only.* \[Stack\/Server\]/);
    });

    test('fails with Windows', () => {
      const machineImage = ec2.MachineImage.latestWindows(ec2.WindowsVersion.WINDOWS_SERVER_2022_ENGLISH_CORE_BASE);
      expect(() => make({ machineImage })).toThrow(/'machineImage' must be Amazon Linux 2023.*, got a Windows image \[Stack\/Server\]/);
    });
  });

  describe('life and death', () => {
    test('keeps the key and the logs, by default', () => {
      make();
      for (const type of ['AWS::KMS::Key', 'AWS::Logs::LogGroup']) template().hasResource(type, { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    });

    test('deletes them when told to', () => {
      make({ removalPolicy: RemovalPolicy.DESTROY });
      for (const type of ['AWS::KMS::Key', 'AWS::Logs::LogGroup']) template().hasResource(type, { DeletionPolicy: 'Delete' });
    });

    test.each([[undefined, false], [true, true]])('with termination protection %s: %s', (terminationProtection, protectedFromTermination) => {
      make({ terminationProtection });
      expect(theInstance().Properties.DisableApiTermination).toBe(protectedFromTermination);
    });
  });

  test('has the Name tag it is given', () => {
    make({ instanceName: 'prod-server-blue' });
    template().hasResourceProperties('AWS::EC2::Instance', { Tags: Match.arrayWith([{ Key: 'Name', Value: 'prod-server-blue' }]) });
  });

  test('two of them live in one stack', () => {
    make();
    new MonitoredInstance(stack, 'Other', { vpc, encryptionKey: new kms.Key(stack, 'Key') });
    template().resourceCountIs('AWS::EC2::Instance', 2);
  });

  test('is synthesized the same twice', () => {
    const synthesize = () => {
      const app = new App();
      const other = new Stack(app, 'Stack', { env: { account: '111122223333', region: 'eu-central-1' } });
      new MonitoredInstance(other, 'Server', { vpc: networkOf(other) });
      return app.synth().getStackByName('Stack').template;
    };
    expect(synthesize()).toEqual(synthesize());
  });
});
