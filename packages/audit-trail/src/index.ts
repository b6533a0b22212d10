export * from './audit-trail';
export * from './data-events';
export * from './deployment-watch';
export * from './identity-guardrails';
export * from './monitored-activity';
export * from './security-alarms';
export * from './security-change-watch';
export * from './threat-detection';
