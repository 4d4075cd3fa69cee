import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { AccountCommand, AccountRoles } from '#domain/account.js';
import { account } from '#domain/account.js';
import { accountStream } from '#domain/streams.js';
import { execute } from '#event-store/execute.js';
import type { Engine } from '../../engine.js';
import { InjectEngine } from '../engine-token.js';

/** What happens to an account, and who does it. */
export interface AccountAct {
  readonly account: string;
  /** Id of who does it. */
  readonly by: string;
}

/** Opens, changes and closes accounts of the tenant; what is done is known here when it resolves. */
@Injectable()
export class Accounts {
  constructor(@InjectEngine() private readonly engine: Engine) {}

  /** Opens an account; one that is there already stays as it is. */
  open(act: AccountAct, roles: AccountRoles): Promise<number> {
    return this.#do({ type: 'Open', ...this.#about(act), ...roles });
  }

  /** @throws ProofmarkError NOT_FOUND */
  change(act: AccountAct, roles: AccountRoles): Promise<number> {
    return this.#do({ type: 'ChangeRoles', ...this.#about(act), ...roles });
  }

  /** @throws ProofmarkError NOT_FOUND */
  close(act: AccountAct, reason: string): Promise<number> {
    return this.#do({ type: 'Close', ...this.#about(act), reason });
  }

  /** Ends one session, or all. @throws ProofmarkError NOT_FOUND */
  endSessions(act: AccountAct, session?: string): Promise<number> {
    return this.#do({ type: 'EndSessions', ...this.#about(act), ...(session !== undefined && { session }) });
  }

  #about({ account: id, by }: AccountAct) {
    return { tenant: this.engine.config.tenant, account: id, by, at: Date.now() };
  }

  async #do(command: AccountCommand): Promise<number> {
    const { store, access } = this.engine;
    const { position } = await execute(store, account, accountStream(command.tenant, command.account), command, { newId: randomUUID });
    await access.reached(position);
    return position;
  }
}
