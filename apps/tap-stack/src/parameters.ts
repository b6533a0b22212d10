import { CfnParameter, Stack } from 'aws-cdk-lib';
import { InstanceArchitecture } from 'aws-cdk-lib/aws-ec2';

const OCTET = '(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])';

/** Lower case: the suffix stands in the names of buckets. */
export const SUFFIX_PATTERN = '^[a-z0-9]([a-z0-9-]*[a-z0-9])?$';
export const SUFFIX_MAX_LENGTH = 10;

const SUFFIX_PARAMETER = 'EnvironmentSuffix';

/** How a template refers to the suffix within a text. */
export const SUFFIX_REFERENCE = `\${${SUFFIX_PARAMETER}}`;

/** An IPv4 range of /8 to /32: a shorter prefix, any address above all, is not a range of administrators. */
export const ADMINISTRATOR_CIDR_PATTERN = `^(${OCTET}\\.){3}${OCTET}/([89]|[12][0-9]|3[0-2])$`;

/** Lower case, and none of the names that are tried first or that RDS and MySQL keep for themselves. */
const DATABASE_USER_PATTERN = '^(?!(admin|administrator|root|master|mysql|user|sys|rdsadmin|rdsrepladmin|rds_superuser_role)$)[a-z][a-z0-9_]{0,15}$';

/** An e-mail address, or none. */
const EMAIL_PATTERN = '^$|^[^@\\s]{1,64}@[^@\\s]{1,255}$';

/** What one architecture offers: the instance types and Amazon's own image for it. */
const ARCHITECTURES: Record<InstanceArchitecture, { readonly types: string[]; readonly image: string }> = {
  [InstanceArchitecture.X86_64]: {
    types: ['t3.micro', 't3.small', 't3.medium', 't3.large', 'm7i.large', 'm7i.xlarge'],
    image: '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64',
  },
  [InstanceArchitecture.ARM_64]: {
    types: ['t4g.micro', 't4g.small', 't4g.medium', 't4g.large', 'm7g.large', 'm7g.xlarge'],
    image: '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64',
  },
};

/** What an operator changes when deploying. Each environment takes the ones it has a use for. */
export class Parameters {
  constructor(private readonly stack: Stack) {}

  /** Tells the stacks of one template apart; stands in names and tags. */
  public environmentSuffix(): string {
    return this.text(SUFFIX_PARAMETER, {
      description: `Tells the stacks of this template apart; stands in names. Lower case letters, digits and inner hyphens, at most ${SUFFIX_MAX_LENGTH}.`,
      default: 'dev',
      allowedPattern: SUFFIX_PATTERN,
      minLength: 1,
      maxLength: SUFFIX_MAX_LENGTH,
      constraintDescription: `must be 1 to ${SUFFIX_MAX_LENGTH} lower case letters, digits and inner hyphens`,
    });
  }

  /** What the stack is for, as the `Environment` tag says it. */
  public environment(): string {
    return this.text('Environment', {
      description: 'What this stack is for; the value of the Environment tag.',
      default: 'development',
      allowedValues: ['development', 'test', 'staging', 'production'],
    });
  }

  /** An image from a public or an own SSM parameter; `name:version` pins it. */
  public imageId(architecture: InstanceArchitecture): string {
    return this.text('EC2AMIId', {
      type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>',
      description: `SSM parameter that holds the image id (${architecture}); the latest Amazon Linux 2023 unless named. Append :<version> to pin it: otherwise an update of the stack may replace the instance.`,
      default: ARCHITECTURES[architecture].image,
    });
  }

  /** One of the types of an architecture. */
  public instanceType(architecture: InstanceArchitecture): string {
    const { types } = ARCHITECTURES[architecture];
    return this.text('EC2InstanceType', { description: `Type of the instance (${architecture}).`, default: types[0], allowedValues: types });
  }

  /** Where administrators connect from. */
  public allowedSshCidr(): string {
    return this.text('AllowedSSHCIDR', {
      description: 'IPv4 range that may connect to port 22, from /8 to /32. Never any address.',
      default: '10.0.0.0/16',
      allowedPattern: ADMINISTRATOR_CIDR_PATTERN,
      minLength: 9,
      maxLength: 18,
      constraintDescription: 'must be an IPv4 range like 203.0.113.0/24 with a prefix of /8 to /32; prefixes shorter than /8 are refused',
    });
  }

  /** The name of the administrator of the database; RDS makes and keeps the password. */
  public databaseUsername(): string {
    return this.text('DBUsername', {
      description: 'Name of the administrator of the database: a lower case letter, then lower case letters, digits and _, at most 16, and not easily guessed. It stays what it was when the database was made.',
      default: 'dboperator',
      allowedPattern: DATABASE_USER_PATTERN,
      minLength: 1,
      maxLength: 16,
      constraintDescription: 'must be 1 to 16 lower case letters, digits and _, beginning with a letter, and not a name that is tried first, such as admin or root',
    });
  }

  /** Who gets the alerts. Empty: nobody yet. */
  public alertEmail(): string {
    return this.text('AlertEmail', {
      description: 'E-mail address that alerts are sent to; it must confirm the subscription. Empty: no subscription.',
      default: '',
      allowedPattern: EMAIL_PATTERN,
      constraintDescription: 'must be an e-mail address, or empty',
    });
  }

  private text(id: string, props: ConstructorParameters<typeof CfnParameter>[2]): string {
    return new CfnParameter(this.stack, id, { type: 'String', ...props }).valueAsString;
  }
}
