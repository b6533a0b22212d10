/** Where it says what to do, unless the user has a page of their own. */
export const RUNBOOK = 'https://github.com/tapstack/secure-environments/blob/main/packages/audit-trail/README.md';
