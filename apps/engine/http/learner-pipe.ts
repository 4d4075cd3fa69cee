import { Injectable, type PipeTransform } from '@nestjs/common';
import { learnerIdOf } from '#domain/recipient.js';
import type { Engine } from '../engine.js';
import { InjectEngine } from './engine-token.js';
import { IdPipe } from './fields.js';

/** The learner whom an id in an address means: of an e-mail address, whom it stands for. Otherwise as `IdPipe`. */
@Injectable()
export class LearnerPipe implements PipeTransform<string, Promise<string>> {
  readonly #id = new IdPipe();

  constructor(@InjectEngine() private readonly engine: Engine) {}

  async transform(id: string): Promise<string> {
    const { keys, config: { tenant } } = this.engine;
    return learnerIdOf(keys, tenant, this.#id.transform(id));
  }
}
