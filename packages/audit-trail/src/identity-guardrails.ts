import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { checkName } from './private/check-name';
import { mfaStatements } from './private/mfa-statements';

/**
 * Properties of `IdentityGuardrails`.
 */
export interface IdentityGuardrailsProps {
  /**
   * The name of the group. 1 to 128 letters, digits and `_+=,.@-`. A named group makes CloudFormation ask for
   * `CAPABILITY_NAMED_IAM`.
   *
   * @default - CloudFormation makes a unique name
   */
  readonly groupName?: string;

  /**
   * The name of the managed policy. 1 to 128 letters, digits and `_+=,.@-`. A named policy makes CloudFormation ask for
   * `CAPABILITY_NAMED_IAM`.
   *
   * @default - CloudFormation makes a unique name
   */
  readonly mfaPolicyName?: string;
}

/**
 * A group whose members must use multi-factor authentication (MFA): without it they can enrol a device and do nothing else.
 *
 * Members and their other permissions are up to you. The denial wins over every permission a member has from elsewhere, and
 * counts for access keys too: their calls carry no sign of MFA unless the session was begun with `sts:GetSessionToken`.
 *
 * Controls: AUD-01 MFA enforcement, AUD-02 self-service enrolment.
 */
export class IdentityGuardrails extends Construct {
  /** The group. CloudFormation deletes it only when it has no members that were added by hand. */
  public readonly group: iam.Group;

  /** The policy that denies what is done without MFA. It can be attached to further groups, users and roles. */
  public readonly mfaPolicy: iam.ManagedPolicy;

  /**
   * @throws if a name breaks the rules of IAM
   */
  constructor(scope: Construct, id: string, props: IdentityGuardrailsProps = {}) {
    super(scope, id);

    const pattern = /^[\w+=,.@-]{1,128}$/;
    const rule = "1 to 128 letters, digits and '_+=,.@-'";
    checkName(this, 'groupName', props.groupName, pattern, rule);
    checkName(this, 'mfaPolicyName', props.mfaPolicyName, pattern, rule);

    this.group = new iam.Group(this, 'Group', { groupName: props.groupName });
    this.node.defaultChild = this.group.node.defaultChild;

    this.mfaPolicy = new iam.ManagedPolicy(this, 'MfaPolicy', {
      managedPolicyName: props.mfaPolicyName,
      description: `Denies everything but enrolment to users without MFA (${this.node.path})`,
      // never minimized: merged statements would no longer be the ones that AWS documents
      document: new iam.PolicyDocument({ minimize: false, statements: mfaStatements(this) }),
      groups: [this.group],
    });
  }
}
