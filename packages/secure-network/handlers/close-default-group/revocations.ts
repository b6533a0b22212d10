import type { IpPermission, SecurityGroup } from '@aws-sdk/client-ec2';

/** What must be revoked for a group to let nothing in or out. */
export interface Revocations {
  readonly ingress: IpPermission[];
  readonly egress: IpPermission[];
}

/** Every rule the group has, whoever wrote it: those of AWS, and those that came later. */
export function revocationsOf(group: SecurityGroup): Revocations {
  return { ingress: group.IpPermissions ?? [], egress: group.IpPermissionsEgress ?? [] };
}
