/** What CloudFormation asks of a custom resource. */
export type RequestType = 'Create' | 'Update' | 'Delete';

/**
 * Whether the account needs a role for the logs of its APIs. It belongs to the account: one that is there is left alone whoever set it,
 * and none is ever taken away, because other APIs write their logs with it.
 */
export function needsRole(requestType: RequestType, roleArn: string | undefined): boolean {
  return requestType !== 'Delete' && !roleArn;
}
