import { Injectable } from '@nestjs/common';
import { clientOf } from '#access/client-address.js';
import type { Principal } from '#access/principal.js';
import { RateLimit } from '#access/rate-limit.js';
import type { Engine } from '../../engine.js';
import { InjectEngine } from '../engine-token.js';
import { problem, ProblemException } from '../problem.js';

/** Too many requests; when it makes sense to try again, seconds. */
export class TooManyRequests extends ProblemException {
  constructor(readonly seconds: number) {
    super(problem('too-many-requests', `Too many requests come from here. Try again in ${Math.ceil(seconds)} s.`));
  }
}

/**
 * How many requests the engine answers: by API key, by person, and by address for those who do not show who they are. Behind one address
 * there may be a whole school, so what people ask for who have signed in does not count for it, and they are let in however often others
 * behind it have failed: a key of 256 random bits is not found by trying.
 */
@Injectable()
export class RequestLimits {
  readonly #limits: { readonly address: RateLimit; readonly person: RateLimit; readonly machine: RateLimit } | undefined;

  constructor(@InjectEngine() engine: Engine) {
    const { requestsPerSecond: most } = engine.config;
    this.#limits = most && { address: new RateLimit(most.address), person: new RateLimit(most.person), machine: new RateLimit(most.key) };
  }

  /** Counts a request of somebody who has shown who they are. @throws TooManyRequests */
  known(who: Principal): void {
    this.#check(this.#limits?.[who.kind].take(who.id, Date.now()));
  }

  /** Counts a request of somebody who has not. @throws TooManyRequests */
  unknown(address: string): void {
    this.#check(this.#limits?.address.take(clientOf(address), Date.now()));
  }

  #check(seconds: number | undefined): void {
    if (seconds !== undefined && seconds > 0) throw new TooManyRequests(seconds);
  }
}
