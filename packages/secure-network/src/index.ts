export * from './egress';
export * from './network-footprint';
export * from './network-tier';
export * from './outbound';
export * from './secure-vpc';
export * from './subnet-plan';
export * from './tier-security-groups';
export * from './vpc-flow-logs';
