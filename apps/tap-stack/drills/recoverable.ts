import { Drill } from '@tapstack/operator';
import { baselineDrills } from './baseline';
import { configurationIsRecorded, recorderIsEnsured } from './configuration';
import { dashboardShows } from './dashboards';
import { deploymentFailureIsTold } from './deployments';

/** What the baseline does, a deployment that fails, and the record of configurations. */
export const recoverableDrills: Drill[] = [...baselineDrills, dashboardShows, deploymentFailureIsTold, configurationIsRecorded, recorderIsEnsured];
