export * from './identity-guardrails';
export * from './security-change-watch';
