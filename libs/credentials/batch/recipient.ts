import type { KeyProvider } from '../keys/key-provider.js';

/** Who a row is about: a learner id, or an e-mail address that stands for one. */
export type Recipient = { readonly learner: string } | { readonly email: string };

const EMAIL = /^[^\s@"(),:;<>[\\\]]{1,64}@[^\s@"(),:;<>[\\\]]{1,189}\.[^\s@"(),:;<>[\\\].]{2,63}$/u;

/** An e-mail address in the form in which equal ones are equal; undefined for what is none. */
export const readEmail = (text: string): string | undefined => {
  const address = text.normalize('NFKC').trim().toLowerCase();
  return EMAIL.test(address) && address.length <= 254 ? address : undefined;
};

/**
 * The learner id that stands for an e-mail address: only who has the key ring can find it from the address, and nobody
 * the address from it. The same address always gives the same learner of a tenant.
 */
export const learnerOf = async (recipient: Recipient, tenant: string, keys: Pick<KeyProvider, 'mac'>): Promise<string> => {
  if ('learner' in recipient) return recipient.learner;
  const mac = await keys.mac('recipient', JSON.stringify([tenant, recipient.email]));
  return `mail-${Buffer.from(mac.subarray(0, 16)).toString('hex')}`;
};
