import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { map, type Observable } from 'rxjs';
import type { Engine } from '../engine.js';
import { InjectEngine } from './engine-token.js';
import { QueryInteger } from './fields.js';
import { refuse } from './problem.js';

/** How long a read waits for the position that it asks for. */
const WAIT_MS = 2_000;

/** What every read can be asked. */
export class ReadQuery {
  @QueryInteger('The read shows at least this log position: it waits up to 2 s for it, then answers 503.', 0, Number.MAX_SAFE_INTEGER)
  minPosition?: number;
}

/** An answer with the log position that it shows at least. */
export class Shown<T> {
  constructor(
    readonly position: number,
    readonly body: T,
  ) {}

  /** The same position with what is made of the body. */
  map<U>(make: (body: T) => U): Shown<U> {
    return new Shown(this.position, make(this.body));
  }
}

/** Reads read models at a position that the reader may ask for. */
@Injectable()
export class Reads {
  constructor(@InjectEngine() private readonly engine: Engine) {}

  /** Waits until these projections show the position, then loads. */
  async at<T>(projections: readonly string[], { minPosition }: ReadQuery, load: () => Promise<T>): Promise<Shown<T>> {
    if (minPosition !== undefined) await this.#reach(projections, minPosition);
    // Taken before the data are read, so that they show at least this.
    const checkpoints = await Promise.all(projections.map((name) => this.engine.readModels.checkpoint(name)));
    return new Shown(Math.max(0, Math.min(...checkpoints)), await load());
  }

  async #reach(projections: readonly string[], position: number): Promise<void> {
    const head = await this.engine.store.head();
    if (position > head) throw refuse('position-unknown', `The log ends at position ${head}; ${position} is beyond it.`);
    if (await this.engine.followers.waitFor(projections, position, WAIT_MS)) return;
    throw refuse('not-caught-up', `The read models do not show position ${position} yet. Ask again in a moment.`);
  }
}

/** Puts the position that an answer shows into its header. */
@Injectable()
export class PositionInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(
      map((answer: unknown) => {
        if (!(answer instanceof Shown)) return answer;
        reply.header('x-proofmark-position', String(answer.position));
        return answer.body as unknown;
      }),
    );
  }
}
