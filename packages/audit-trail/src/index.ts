export * from './identity-guardrails';
