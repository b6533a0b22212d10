import { Annotations, Aws, Fn, Names, Token } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { boundaryStatements } from './private/boundary-statements';
import { checkName } from './private/check-name';

/**
 * Properties of `EscalationBoundary`.
 */
export interface EscalationBoundaryProps {
  /**
   * The name of the managed policy. 1 to 128 letters, digits and `_+=,.@-`. It has a name in any case, because its own text names it:
   * CloudFormation asks for `CAPABILITY_NAMED_IAM`.
   *
   * @default - a unique name, made from the path of the construct and the id of the stack
   */
  readonly policyName?: string;

  /**
   * The path of IAM below which people who have the boundary may make roles, instance profiles and policies. Begins and ends with a slash, and is
   * not the root; at most 512 characters. It belongs to the boundary: a role that somebody else makes there without it can be used by everybody who has it.
   *
   * @default '/bounded/'
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-friendly-names
   */
  readonly path?: string;

  /**
   * Roles outside of the path that may be assumed, and passed to services, by who has the boundary: to them they lend all that they may do.
   * Synthesis warns (AUD-25).
   *
   * @default - none
   */
  readonly trustedRoles?: iam.IRole[];

  /**
   * Functions, instances, stacks, builds and the like whose code may be replaced, and in which commands may be run, by who has the boundary: to
   * them they lend all that their roles may do. ARNs, which may hold wildcards. Synthesis warns (AUD-25).
   *
   * @default - none
   */
  readonly boundedWorkloads?: string[];
}

/**
 * A permissions boundary: whoever has it can do ordinary work, as far as their own policies go, but cannot give themselves more by any known way,
 * not even as an administrator.
 *
 * They may make roles for their workloads, if these have the same boundary, and lie below a path of their own.
 *
 * Controls: AUD-25 no privilege escalation, AUD-26 bounded delegation.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
 */
export class EscalationBoundary extends Construct {
  /** The policy. Give it to roles and users as `permissionsBoundary`, or to all below a scope: `iam.PermissionsBoundary.of(scope).apply(policy)`. */
  public readonly policy: iam.ManagedPolicy;

  /** The path of IAM below which roles may be made. */
  public readonly path: string;

  /**
   * @throws if the name or the path breaks the rules of IAM, the path is the root, or a workload is not an ARN
   */
  constructor(scope: Construct, id: string, props: EscalationBoundaryProps = {}) {
    super(scope, id);

    const { trustedRoles = [], boundedWorkloads = [] } = props;
    this.path = props.path ?? '/bounded/';
    checkName(this, 'policyName', props.policyName, /^[\w+=,.@-]{1,128}$/, "1 to 128 letters, digits and '_+=,.@-'");
    checkName(this, 'path', this.path, /^(?!\/aws-)(?=.{3,512}$)(\/[\w+=,.@-]+)+\/$/, "a path of IAM like '/bounded/', not the root and not one of AWS's");
    this.checkWorkloads(boundedWorkloads);

    const policyName = props.policyName ?? this.uniqueName();
    this.policy = new iam.ManagedPolicy(this, 'Policy', {
      managedPolicyName: policyName,
      description: `Closes the known ways to more permissions (${this.node.path})`,
      document: new iam.PolicyDocument({
        minimize: false,
        statements: boundaryStatements(this, { policyName, path: this.path, trustedRoles, boundedWorkloads }),
      }),
    });
    this.node.defaultChild = this.policy.node.defaultChild;

    if (trustedRoles.length > 0) this.warn('TrustedRoles', "who has the boundary may do all that 'trustedRoles' may do");
    if (boundedWorkloads.length > 0) this.warn('BoundedWorkloads', "who has the boundary may do all that the roles of 'boundedWorkloads' may do");
  }

  /** The last part of the stack's id is the same as long as the stack lives, and of no other stack in any region. */
  private uniqueName(): string {
    const prefix = Names.uniqueResourceName(this, { maxLength: 90, separator: '-' });
    return Fn.join('-', [prefix, Fn.select(2, Fn.split('/', Aws.STACK_ID))]);
  }

  private checkWorkloads(workloads: string[]): void {
    const wrong = workloads.find((arn) => !Token.isUnresolved(arn) && !/^arn:[\w*-]+:[\w-]+:[^:]*:[^:]*:.+$/.test(arn));
    if (wrong !== undefined) throw new Error(`'boundedWorkloads' must be ARNs that name a service, got '${wrong}' [${this.node.path}]`);
  }

  private warn(what: string, message: string): void {
    Annotations.of(this).addWarningV2(`audit-trail:AUD-25-${what}`, message);
  }
}
