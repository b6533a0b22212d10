import { Clients } from '../../clients';
import { Check } from '../check';
import { DeployedStack } from '../deployed-stack';

/** What is asked of every resource of some types, whoever made the stack: one file per kind of resource. */
export type Posture = (stack: DeployedStack, clients: Clients) => Check[];
