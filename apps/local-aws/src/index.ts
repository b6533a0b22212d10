export { clientEnvironment } from './client-environment';
export type { Health } from './health';
export { Home } from './home';
export { LocalAws } from './local-aws';
export type { LocalAwsOptions } from './local-aws';
export { oneAtATime } from './one-at-a-time';
export { DEFAULT_PORT } from './ports';
export { LocalAwsProblem } from './problem';
export { ensureVirtualEnvironment } from './virtual-environment';
