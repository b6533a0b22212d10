import { Drill } from '@tapstack/operator';
import { namesCannotConflict, servicesDeliverForThisAccount } from './buckets';
import { stageIsOne } from './extent';
import { routesLeadOut, zonesDiffer } from './network';
import { parametersAreHeldTo } from './parameters';
import { nothingElseLeaves } from './security-groups';
import { everythingIsTagged } from './tags';

/** What is the same in every environment, whatever is in it. */
export const conventionsHold: Drill[] = [
  parametersAreHeldTo, namesCannotConflict, everythingIsTagged, stageIsOne, zonesDiffer, routesLeadOut, nothingElseLeaves,
  servicesDeliverForThisAccount,
];
