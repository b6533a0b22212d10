import { Drill } from '@tapstack/operator';
import { baselineDrills } from './baseline';
import { deploymentFailureIsTold } from './deployments';

/** What the baseline does, and a deployment that fails. */
export const recoverableDrills: Drill[] = [...baselineDrills, deploymentFailureIsTold];
