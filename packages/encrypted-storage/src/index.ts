export * from './encrypted-bucket';
export * from './encrypted-log-group';
export * from './encrypted-queue';
export * from './encrypted-topic';
export * from './encryption-key';
export * from './log-bucket';
export * from './service-writer';
export * from './via-service';
