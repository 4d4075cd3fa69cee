import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Engine } from '../../engine.js';
import { InjectEngine } from '../engine-token.js';
import { Accounts } from './accounts.js';
import { LocalPeople } from './local-people.js';

/** How the first person comes in: without one, nobody could invite anybody. */
@Injectable()
export class FirstAdministrator {
  constructor(
    @InjectEngine() private readonly engine: Engine,
    private readonly accounts: Accounts,
    private readonly people: LocalPeople,
  ) {}

  /**
   * A link to become the administrator, for whoever starts the engine: as long as nobody is one, or nobody has followed the last link. Links
   * of earlier starts are good no more. Undefined where somebody can come in: an administrator, a provider, who has the key, or anybody in the demo.
   */
  async link(): Promise<string | undefined> {
    const { access, config: { tenant, home = tenant, publicUrl, adminKey, oidc, demo } } = this.engine;
    if (adminKey !== undefined || oidc || demo) return undefined;
    const admins = access.accounts(tenant).filter(({ status, roles }) => status === 'open' && roles.includes('admin'));
    const logins = await this.people.logins(admins.map(({ account }) => account));
    if (logins.some((login) => login !== undefined)) return undefined;
    const [waiting] = admins;
    const account = waiting?.account ?? randomUUID();
    await this.accounts.open({ account, by: account }, { roles: tenant === home ? ['admin', 'operator'] : ['admin'], courses: [] });
    return `${publicUrl}/welcome?token=${await this.people.invite(account)}`;
  }
}
