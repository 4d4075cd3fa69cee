import { Controller, Injectable, Param, Sse, type MessageEvent, type OnModuleDestroy } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiProduces, ApiTags, ApiTooManyRequestsResponse } from '@nestjs/swagger';
import { Observable } from 'rxjs';
import { waitFor } from '#event-store/wait-for.js';
import { May } from './access/permission.js';
import type { Engine } from '../engine.js';
import { InjectEngine } from './engine-token.js';
import { LearnerPipe } from './learner-pipe.js';
import { refuse } from './problem.js';

const LOOK_MS = 1_000;
/** After so long a page asks again, so that it is looked anew whether its reader may still see this. */
const LIFE_MS = 5 * 60_000;
const AT_ONCE = 1_000;

/** Tells open pages that something about a learner is new. */
@Injectable()
export class LearnerChanges implements OnModuleDestroy {
  readonly #open = new Set<AbortController>();

  constructor(@InjectEngine() private readonly engine: Engine) {}

  /**
   * Tells a log position at once, since something may have come between the page and its stream, and each time that the read models show
   * more about a learner; reads with it as `minPosition` show that.
   @throws a problem: busy, not found
   */
  async of(learner: string): Promise<Observable<MessageEvent>> {
    if ((await this.#entries(learner)) === 0) throw refuse('not-found', `Nothing is recorded about a learner "${learner}".`);
    if (this.#open.size >= AT_ONCE) throw refuse('busy', 'Too many pages wait for what is new. Load this one again now and then.');
    return new Observable((page) => {
      const ended = new AbortController();
      this.#open.add(ended);
      this.#tell(learner, (position) => page.next({ type: 'changed', data: { position } }), ended.signal).then(() => page.complete(), (error: unknown) => page.error(error));
      return () => {
        ended.abort();
        this.#open.delete(ended);
      };
    });
  }

  #entries(learner: string): Promise<number> {
    const { readModels, config: { tenant } } = this.engine;
    return readModels.count('timeline', { tenant, learner });
  }

  onModuleDestroy(): void {
    for (const ended of this.#open) ended.abort();
  }

  async #tell(learner: string, tell: (position: number) => void, signal: AbortSignal): Promise<void> {
    const { readModels } = this.engine;
    const until = performance.now() + LIFE_MS;
    let [shown, known] = [-1, -1];
    while (!signal.aborted && performance.now() < until) {
      // Whoever reads it before the rows has at least what was there then.
      const position = await readModels.checkpoint('growth-path');
      if (position !== shown) {
        const entries = await this.#entries(learner);
        if (entries !== known) tell(position);
        [shown, known] = [position, entries];
      }
      await waitFor(LOOK_MS, signal);
    }
  }
}

/** What is new about a learner, as it comes. */
@ApiTags('learners')
@May('learner:read', { learner: 'id' })
@Controller('v1/learners/:id/changes')
export class LearnerChangesController {
  constructor(private readonly changes: LearnerChanges) {}

  /** Server-sent events. */
  @Sse()
  @ApiOperation({ summary: 'What is new about a learner', description: 'Server-sent events: `changed` with the log `position` that shows it. The stream ends after five minutes; browsers ask again by themselves.' })
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ description: 'The stream.' })
  @ApiNotFoundResponse({ description: 'Nothing is recorded about such a learner.' })
  @ApiTooManyRequestsResponse({ description: 'Too many streams are open.' })
  of(@Param('id', LearnerPipe) learner: string): Promise<Observable<MessageEvent>> {
    return this.changes.of(learner);
  }
}
