import { Injectable } from '@nestjs/common';
import type { Credential } from '#domain/credential-event.js';
import { readCredentials } from '#credentials/issuing/read-credential.js';
import { statusAtTime } from '#credentials/sharing/shared-credential.js';
import type { Row } from '#projections/read-model.js';
import type { Engine } from '../../engine.js';
import { InjectEngine } from '../engine-token.js';

/** The credentials that a learner holds. */
@Injectable()
export class LearnerCredentials {
  constructor(@InjectEngine() private readonly engine: Engine) {}

  /** The rows of those that are neither suspended nor revoked, the first issued first. */
  rows(learner: string): Promise<readonly Row[]> {
    return this.engine.readModels.find('credential', { where: { tenant: this.engine.config.tenant, learner, status: 'active' }, orderBy: ['issuedAt'] });
  }

  /** The credentials of rows, as the log has them now. */
  async read(rows: readonly Row[]): Promise<readonly Credential[]> {
    const found: Credential[] = [];
    for (const { award, code } of rows) {
      const credential = (await readCredentials(this.engine.store, award as string)).find((one) => one.code === code);
      if (credential) found.push(credential);
    }
    return found;
  }

  /** Those that count now, the latest first. */
  async counting(learner: string): Promise<readonly Credential[]> {
    const now = Date.now();
    return (await this.read(await this.rows(learner))).filter((one) => statusAtTime(one, now) === 'active').reverse();
  }
}
