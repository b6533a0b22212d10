import { paginateListStacks } from '@aws-sdk/client-cloudformation';
import { COMPUTE } from './compute';
import { DATA } from './data';
import { IDENTITY } from './identity';
import { all, Listings } from './listing';
import { NETWORK } from './network';
import { WATCH } from './watch';

/** Every kind of resource that an environment may leave behind. */
export const LISTINGS: Listings = {
  stack: ({ cloudFormation }) => all(paginateListStacks({ client: cloudFormation }, {}), (page) =>
    page.StackSummaries?.filter((stack) => stack.StackStatus !== 'DELETE_COMPLETE').map((stack) => stack.StackName)),
  ...NETWORK, ...COMPUTE, ...DATA, ...IDENTITY, ...WATCH,
};
