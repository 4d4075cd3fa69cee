import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { clientOf } from '#access/client-address.js';
import { FewAtOnce } from '#access/few-at-once.js';
import { Invitations } from '#access/invitations.js';
import { hashPassword, isPassword, LEAST_PASSWORD, MOST_PASSWORD } from '#access/passwords.js';
import { RateLimit } from '#access/rate-limit.js';
import { Turns } from '#event-store/turns.js';
import type { Subject } from '#vault/vault.js';
import type { Engine } from '../../engine.js';
import { InjectEngine } from '../engine-token.js';
import { TooManyRequests } from './request-limits.js';

/** Why a login or a password is not taken. */
export type NotTaken = 'login' | 'login-taken' | 'password' | 'password-is-login';

const MOST_LOGIN = 254;
/** Guesses at one login from one place: ten at once, then one in half a minute. So nobody can keep somebody else out. */
const [GUESSES_A_SECOND, GUESSES_AT_ONCE_S] = [1 / 30, 300];
/** Guesses at one login from everywhere: a hundred at once, then one in ten seconds. */
const [MANY_A_SECOND, MANY_AT_ONCE_S] = [1 / 10, 1_000];
/** Sign-ins from one place, behind which there may be a whole school: a hundred at once, then two a second. */
const [TRIES_A_SECOND, TRIES_AT_ONCE_S] = [2, 50];
/** Each hash takes 128 MiB for a moment, and a thread that others need as well. All tenants share this. */
const hashing = new FewAtOnce(2, 40);
const BUSY_S = 5;

/** A login in the form in which equal ones are equal. */
const loginOf = (text: string): string | undefined => {
  const login = text.normalize('NFKC').trim().toLowerCase();
  return login.length >= 2 && login.length <= MOST_LOGIN && !/[\p{C}\s]/u.test(login) ? login : undefined;
};

/** @throws TooManyRequests where too many wait for theirs already */
const hashed = async <T>(work: () => Promise<T>): Promise<T> => {
  const result = await hashing.run(work);
  if (!result) throw new TooManyRequests(BUSY_S);
  return result.done;
};

/**
 * People who sign in with a login and a password of this program's own, for schools without a provider. What names them is in the vault;
 * the log has random ids.
 */
@Injectable()
export class LocalPeople {
  readonly #guesses = new RateLimit(GUESSES_A_SECOND, GUESSES_AT_ONCE_S);
  readonly #everybodysGuesses = new RateLimit(MANY_A_SECOND, MANY_AT_ONCE_S);
  readonly #tries = new RateLimit(TRIES_A_SECOND, TRIES_AT_ONCE_S);
  readonly #choosing = new Turns();
  #invitations: Promise<Invitations> | undefined;

  constructor(@InjectEngine() private readonly engine: Engine) {}

  /** A new invitation to choose login and password; earlier ones, and the password before, are good no more. */
  async invite(account: string): Promise<string> {
    const number = randomUUID();
    await this.engine.vault.put([{ subject: this.#subject(account), fields: { invitation: number, password: null } }]);
    return (await this.#open()).make({ account, number });
  }

  /** The account that an invitation is for, as long as it is good. */
  async invited(token: string): Promise<string | undefined> {
    const invitation = await (await this.#open()).read(token);
    if (!invitation || this.engine.access.account(invitation.account)?.status !== 'open') return undefined;
    const kept = await this.engine.vault.get(this.#subject(invitation.account));
    return kept?.['invitation'] === invitation.number ? invitation.account : undefined;
  }

  /** Keeps how who has an invitation signs in, and ends it; says why not, or that it is good no more. */
  async choose(token: string, login: string, password: string): Promise<NotTaken | 'invitation' | { readonly account: string }> {
    const named = loginOf(login);
    if (named === undefined) return 'login';
    if ([...password].length < LEAST_PASSWORD || password.length > MOST_PASSWORD) return 'password';
    if (password.toLowerCase().includes(named) && named.length > 3) return 'password-is-login';
    const { vault, config: { tenant } } = this.engine;
    const hash = await hashed(() => hashPassword(password));
    // One after another, so that a login is somebody's alone.
    return this.#choosing.take('login', async () => {
      // Only now: while the password was hashed it may have been used, or another made, or the account closed.
      const account = await this.invited(token);
      if (account === undefined) return 'invitation';
      const others = await vault.findBy(tenant, 'account', 'login', named);
      if (others.some((one) => one !== account)) return 'login-taken';
      await vault.put([{ subject: this.#subject(account), fields: { login: named, password: hash, invitation: null }, lookups: { login: named } }]);
      return { account };
    });
  }

  /** The account that a login and a password open; undefined where they open none. @throws TooManyRequests where they were tried too often */
  async find(login: string, password: string, address: string): Promise<string | undefined> {
    const [named, from, now] = [loginOf(login) ?? '', clientOf(address), Date.now()];
    const seconds = Math.max(this.#tries.take(from, now), this.#guesses.take(`${from} ${named}`, now)) || this.#everybodysGuesses.take(named, now);
    if (seconds > 0) throw new TooManyRequests(seconds);
    const { vault, access, config: { tenant } } = this.engine;
    const [account] = named === '' ? [] : await vault.findBy(tenant, 'account', 'login', named);
    const kept = account === undefined ? undefined : await vault.get(this.#subject(account));
    // A login that nobody has takes as long as a wrong password.
    const right = await hashed(() => isPassword(password.slice(0, MOST_PASSWORD), kept?.['password']));
    return right && account !== undefined && access.account(account)?.status === 'open' ? account : undefined;
  }

  /** The logins of accounts, for who administers them. */
  async logins(accounts: readonly string[]): Promise<readonly (string | undefined)[]> {
    return (await this.engine.vault.getMany(accounts.map((account) => this.#subject(account)))).map((kept) => kept?.['login']);
  }

  /** Forgets who somebody is. */
  async forget(account: string): Promise<void> {
    await this.engine.vault.erase([this.#subject(account)]);
  }

  #subject(account: string): Subject {
    return { tenant: this.engine.config.tenant, kind: 'account', id: account };
  }

  #open(): Promise<Invitations> {
    if (this.#invitations) return this.#invitations;
    const { keys, config: { tenant } } = this.engine;
    const opened = keys.mac('session', JSON.stringify(['invitation', tenant])).then((secret) => new Invitations(secret, tenant, Date.now));
    this.#invitations = opened;
    opened.catch(() => (this.#invitations = undefined));
    return opened;
  }
}
