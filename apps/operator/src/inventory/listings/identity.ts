import { paginateListGroups, paginateListInstanceProfiles, paginateListPolicies, paginateListRoles, paginateListUsers, paginateListVirtualMFADevices } from '@aws-sdk/client-iam';
import { isServiceLinked, roleOfApiGateway } from './account';
import { all, Listings } from './listing';

/** Who may do something. */
export const IDENTITY: Listings = {
  'instance profile': ({ iam }) => all(paginateListInstanceProfiles({ client: iam }, {}), (page) => page.InstanceProfiles?.map((profile) => profile.InstanceProfileName)),
  'MFA device': ({ iam }) => all(paginateListVirtualMFADevices({ client: iam }, { AssignmentStatus: 'Any' }), (page) => page.VirtualMFADevices?.map((device) => device.SerialNumber)),
  'policy': ({ iam }) => all(paginateListPolicies({ client: iam }, { Scope: 'Local' }), (page) => page.Policies?.map((policy) => policy.PolicyName)),
  'role': async (clients) => {
    const ofTheAccount = await roleOfApiGateway(clients);
    return all(paginateListRoles({ client: clients.iam }, {}), (page) =>
      page.Roles?.filter((role) => !isServiceLinked(role) && role.Arn !== ofTheAccount).map((role) => role.RoleName));
  },
  'user': ({ iam }) => all(paginateListUsers({ client: iam }, {}), (page) => page.Users?.map((user) => user.UserName)),
  'user group': ({ iam }) => all(paginateListGroups({ client: iam }, {}), (page) => page.Groups?.map((group) => group.GroupName)),
};
