import * as iam from 'aws-cdk-lib/aws-iam';

/**
 * Conditions that are false for what the given roles, users and services do.
 *
 * Each says what is to happen when the field is missing: AWS does not say whether a missing field differs from everything.
 */
export function exclusions(roles: iam.IRole[], users: iam.IUser[], services: string[]): string[] {
  return [
    // a session has an ARN of its own, with a name that changes; its issuer is the role
    ...roles.map((role) => isNot('$.userIdentity.sessionContext.sessionIssuer.arn', role.roleArn)),
    ...users.map((user) => isNot('$.userIdentity.arn', user.userArn)),
    ...services.map((service) => isNot('$.userIdentity.invokedBy', service)),
  ];
}

function isNot(field: string, value: string): string {
  return `(${field} NOT EXISTS) || (${field} != "${value}")`;
}
