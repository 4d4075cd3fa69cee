import type { components } from './schema.d.ts';

type Schemas = components['schemas'];

export type Problem = Schemas['Problem'];
