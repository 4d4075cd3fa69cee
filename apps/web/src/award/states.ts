/** In which colour the state of an award is written; its word says it, too. */
export const STATES = { active: 'text-met', suspended: 'text-near', pending: 'text-near', revoked: 'text-wrong', expired: 'text-quiet' } as const;
