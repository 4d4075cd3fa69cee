import { Injectable } from '@nestjs/common';
import { MACHINE_TOKEN_S } from '#access/machine-tokens.js';
import type { Principal } from '#access/principal.js';
import type { Engine } from '../../engine.js';
import { InjectEngine } from '../engine-token.js';
import { refuse } from '../problem.js';

/** In whose name something is approved, so that nobody approves twice: once by themselves and once by a key that they made. */
@Injectable()
export class Approvers {
  constructor(@InjectEngine() private readonly engine: Engine) {}

  /**
   * A person; of a key the person who made it or, if later, its present secret.
   * @throws a problem: forbidden, while somebody else may use it with the secret before, or a token that they got for that
   */
  of(who: Principal): string {
    const former = who.kind === 'machine' ? (this.engine.access.key(who.id)?.former ?? []) : [];
    if (former.some(({ until }) => until + MACHINE_TOKEN_S * 1_000 > Date.now())) {
      throw refuse('forbidden', 'Somebody else has changed the secret of this key, and the one before is good yet: it cannot be told who approves this. Come again when that has ended, or with a key of your own.');
    }
    return this.behind(who).at(-1) ?? who.id;
  }

  /** Everybody who may stand behind a request: a person; of a key all who have ever been shown a secret of it. */
  behind({ kind, id }: Principal): readonly string[] {
    return kind === 'person' ? [id] : (this.engine.access.key(id)?.holders ?? []);
  }
}
