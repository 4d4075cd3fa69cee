import { Injectable } from '@nestjs/common';
import { reachOf } from '#access/decide.js';
import type { Principal } from '#access/principal.js';
import type { Engine } from '../../engine.js';
import { InjectEngine } from '../engine-token.js';
import { LocalPeople } from './local-people.js';

/** What those are called who did something: the record has their ids alone. */
@Injectable()
export class DoerNames {
  constructor(
    @InjectEngine() private readonly engine: Engine,
    private readonly people: LocalPeople,
  ) {}

  /** Logins of accounts and labels of keys by their ids, where there are any, for who may read them; nothing for others. */
  async of(who: Principal, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (ids.length === 0 || !reachOf(who, 'access:read').includes('all')) return new Map();
    const { access, config: { tenant } } = this.engine;
    const [asked, names] = [[...new Set(ids)], new Map<string, string>()];
    const accounts = asked.filter((id) => access.account(id)?.tenant === tenant);
    const logins = await this.people.logins(accounts);
    accounts.forEach((id, i) => {
      const login = logins[i];
      if (login !== undefined) names.set(id, login);
    });
    for (const id of asked) {
      const key = access.key(id);
      if (key?.tenant === tenant) names.set(id, key.grant.label);
    }
    return names;
  }
}
