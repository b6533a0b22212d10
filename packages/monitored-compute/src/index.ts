export * from './cloudwatch-agent';
export * from './instance-alarms';
export * from './instance-role';
export * from './linux-image';
export * from './machine-props';
export * from './monitored-instance';
