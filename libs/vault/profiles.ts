import { readEmail } from '#domain/recipient.js';
import { ProofmarkError } from '#domain/errors.js';
import type { Change, Fields, Subject, Vault } from './vault.js';

/** What is kept about a learner. */
export interface Profile {
  readonly name?: string;
  /** In the form in which equal ones are equal. */
  readonly email?: string;
  /** A BCP 47 tag: in which language the learner wants to be spoken to. */
  readonly language?: string;
}

/** What is to change about a profile; null takes a value away. */
export type ProfileChange = { readonly [Name in keyof Profile]?: string | null };

/** Whose entry of the vault it is. */
export const learnerSubject = (tenant: string, learner: string): Subject => ({ tenant, kind: 'learner', id: learner });

const UNSAFE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;
const MOST = 200;

const usage = (message: string): ProofmarkError => new ProofmarkError('USAGE', message);

const nameFrom = (text: string): string => {
  const name = text.normalize('NFC').trim();
  if (name === '' || name.length > MOST || UNSAFE.test(name)) throw usage(`name: must be text of 1 to ${MOST} characters, in one line.`);
  return name;
};
const emailFrom = (text: string): string => {
  const email = readEmail(text);
  if (email === undefined) throw usage('email: must be an e-mail address.');
  return email;
};
const languageFrom = (text: string): string => {
  try {
    const [tag] = Intl.getCanonicalLocales(text);
    if (tag !== undefined) return tag;
  } catch {
    // said below
  }
  throw usage('language: must be a language tag, like "ko" or "en-GB".');
};

const profileOf = ({ name, email, language }: Fields): Profile => ({
  ...(name !== undefined && { name }),
  ...(email !== undefined && { email }),
  ...(language !== undefined && { language }),
});

/** What is kept about a learner; empty where nothing is. */
export const readProfile = async (vault: Pick<Vault, 'get'>, tenant: string, learner: string): Promise<Profile> =>
  profileOf((await vault.get(learnerSubject(tenant, learner))) ?? {});

/** Changes what is kept about a learner; who has an e-mail address can be found by it. @throws ProofmarkError USAGE for a value that is none */
export const writeProfile = async (vault: Pick<Vault, 'put'>, tenant: string, learner: string, { name, email, language }: ProfileChange): Promise<void> => {
  const address = typeof email === 'string' ? emailFrom(email) : email;
  const fields: Change = {
    ...(name !== undefined && { name: name === null ? null : nameFrom(name) }),
    ...(address !== undefined && { email: address }),
    ...(language !== undefined && { language: language === null ? null : languageFrom(language) }),
  };
  if (Object.keys(fields).length === 0) return;
  await vault.put([{ subject: learnerSubject(tenant, learner), fields, ...(address !== undefined && { lookups: { email: address } }) }]);
};

/** Keeps the addresses of learners who are known by nothing else, where they are not kept already. */
export const keepAddresses = async (vault: Pick<Vault, 'getMany' | 'put'>, tenant: string, addresses: ReadonlyMap<string, string>): Promise<void> => {
  const learners = [...addresses];
  const known = await vault.getMany(learners.map(([learner]) => learnerSubject(tenant, learner)));
  const missing = learners.filter((_one, i) => known[i]?.['email'] === undefined);
  await vault.put(missing.map(([learner, email]) => ({ subject: learnerSubject(tenant, learner), fields: { email }, lookups: { email } })));
};

/** Learners who have an e-mail address, in the order of their ids. */
export const learnersByEmail = async (vault: Pick<Vault, 'findBy'>, tenant: string, email: string): Promise<readonly string[]> => {
  const address = readEmail(email);
  return address === undefined ? [] : vault.findBy(tenant, 'learner', 'email', address);
};
