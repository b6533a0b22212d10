export * from './audit-trail';
export * from './identity-guardrails';
export * from './security-change-watch';
export * from './threat-detection';
