const EMAIL = /^[^\s@"(),:;<>[\\\]]{1,64}@[^\s@"(),:;<>[\\\]]{1,189}\.[^\s@"(),:;<>[\\\].]{2,63}$/u;

/** An e-mail address in the form in which equal ones are equal; undefined for what is none. */
export const readEmail = (text: string): string | undefined => {
  if (!/[@＠﹫]/.test(text)) return undefined; // most ids are no addresses
  const address = text.normalize('NFKC').trim().toLowerCase();
  return EMAIL.test(address) && address.length <= 254 ? address : undefined;
};

/** Codes of texts under a secret for addresses. */
export interface RecipientSecret {
  mac(secret: 'recipient', text: string): Promise<Uint8Array>;
}

/**
 * The learner id that stands for an e-mail address: only who has the key ring can find it from the address, and nobody
 * the address from it. The same address always gives the same learner of a tenant.
 */
export const learnerOfEmail = async (keys: RecipientSecret, tenant: string, email: string): Promise<string> => {
  const mac = await keys.mac('recipient', JSON.stringify([tenant, email]));
  return `mail-${Buffer.from(mac.subarray(0, 16)).toString('hex')}`;
};

/** The learner whom an id means: an e-mail address is never one, so whom it stands for. */
export const learnerIdOf = async (keys: RecipientSecret, tenant: string, id: string): Promise<string> => {
  const email = readEmail(id);
  return email === undefined ? id : learnerOfEmail(keys, tenant, email);
};
