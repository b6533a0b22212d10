/** Where it says what to do, unless the user has a page of their own. */
export const RUNBOOK = 'https://github.com/tapstack/secure-environments/tree/main/packages/audit-trail';
