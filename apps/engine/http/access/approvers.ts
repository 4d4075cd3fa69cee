import { Injectable } from '@nestjs/common';
import type { Principal } from '#access/principal.js';
import type { Engine } from '../../engine.js';
import { InjectEngine } from '../engine-token.js';

/** In whose name something is approved, so that nobody approves twice: once by themselves and once by a key that they made. */
@Injectable()
export class Approvers {
  constructor(@InjectEngine() private readonly engine: Engine) {}

  /** A person; of a key the person who made it or, if later, its present secret. */
  of(who: Principal): string {
    return this.behind(who).at(-1) ?? who.id;
  }

  /** Everybody who may stand behind a request: a person; of a key all who have ever been shown a secret of it. */
  behind({ kind, id }: Principal): readonly string[] {
    return kind === 'person' ? [id] : (this.engine.access.key(id)?.holders ?? []);
  }
}
