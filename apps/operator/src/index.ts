export { Clients } from './clients';
export { defineConfig } from './config';
export type { EnvironmentConfig, TapstackConfig } from './config';
export { failed, notVerifiable, passed, unless, Verdict } from './verify/check';
export type { Check, Outcome } from './verify/check';
export { DeployedStack } from './verify/deployed-stack';
export type { Drill, DrillContext } from './verify/drills/drill';
export { roleDoesItsJob } from './verify/drills/role';
export type { Attempt, RoleJob } from './verify/drills/role';
