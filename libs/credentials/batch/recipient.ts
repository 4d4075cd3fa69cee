import { learnerIdOf, learnerOfEmail } from '#domain/recipient.js';
import type { KeyProvider } from '../keys/key-provider.js';

/** Who a row is about: a learner id, or an e-mail address that stands for one. */
export type Recipient = { readonly learner: string } | { readonly email: string };

/** The learner whom a row is about: an e-mail address, in whichever column, stands for one and is none itself. */
export const learnerOf = (recipient: Recipient, tenant: string, keys: Pick<KeyProvider, 'mac'>): Promise<string> =>
  'learner' in recipient ? learnerIdOf(keys, tenant, recipient.learner) : learnerOfEmail(keys, tenant, recipient.email);
