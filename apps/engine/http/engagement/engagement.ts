import { randomBytes, randomUUID } from 'node:crypto';
import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { EngagementEvent, ShareTarget, VerificationWay } from '#domain/engagement-event.js';
import { messageOf } from '#domain/errors.js';
import { engagementStream } from '#domain/streams.js';
import type { NewEvent } from '#event-store/event-store.js';
import { toNewEvent } from '#event-store/execute.js';
import type { Engine } from '../../engine.js';
import { InjectEngine } from '../engine-token.js';
import { isPerson, isRobot } from './robots.js';
import { Visitors } from './visitors.js';

/** The credential that something happens to. */
interface Noticed {
  readonly badge: string;
  readonly code: string;
}

/** What can be noted, and in which ways each happens. */
interface Notes {
  readonly view: 'page';
  readonly verification: VerificationWay;
}

interface Waiting {
  readonly stream: string;
  readonly event: NewEvent;
}

/** So long what was noted waits for more of it. */
const PAUSE_MS = 2_000;
/** So many are written at once. */
const BATCH = 200;
/** So many wait at most while the log cannot be written; what comes then is not counted. */
const MOST_WAITING = 10_000;

/** What tells visitors apart, as far as it goes. */
const traitsOf = ({ ip, headers }: FastifyRequest): readonly string[] => [ip, headers['user-agent'] ?? '', headers['accept-language'] ?? ''];

const log = new Logger('engagement');

/**
 * Who looks at badges, as events in the log. Views and verifications are written a few seconds late, many at once: a crash
 * loses at most those, which nothing rests on. Robots count nowhere, and the same visitor once in a while.
 */
@Injectable()
export class Engagement implements OnModuleDestroy {
  readonly #visitors = new Visitors(randomBytes);
  #waiting: Waiting[] = [];
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(@InjectEngine() private readonly engine: Engine) {}

  /** Notes a view or a verification, if it counts. It returns at once and never fails. */
  note<What extends keyof Notes>(credential: Noticed, what: What, via: Notes[What], request: FastifyRequest): void {
    const counts = what === 'view' ? isPerson(request) : !isRobot(request);
    if (!counts || this.#waiting.length >= MOST_WAITING) return;
    if (!this.#visitors.isNew(traitsOf(request), `${credential.code} ${what} ${via}`, Date.now())) return;
    const about = this.#about(credential);
    this.#waiting.push(this.#placed(via === 'page' ? { type: 'CredentialViewed', ...about, via } : { type: 'CredentialVerified', ...about, via }));
    if (this.#waiting.length >= BATCH) void this.flush();
    else this.#timer ??= setTimeout(() => void this.flush(), PAUSE_MS).unref();
  }

  /**
   * Records that a badge was shared; false where that visitor has just done the same.
   * @throws ProofmarkError as the log does.
   */
  async share(credential: Noticed, target: ShareTarget, request: FastifyRequest): Promise<boolean> {
    const act = `${credential.code} share ${target}`;
    if (isRobot(request) || !this.#visitors.isNew(traitsOf(request), act, Date.now())) return false;
    const { stream, event } = this.#placed({ type: 'CredentialShared', ...this.#about(credential), via: target });
    try {
      await this.engine.store.append([{ stream, expected: 'any', events: [event] }]);
    } catch (error) {
      this.#visitors.forget(traitsOf(request), act, Date.now());
      throw error;
    }
    return true;
  }

  /** Writes what waits; what cannot be written waits on. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    return (this.#writing = this.#writing.then(() => this.#write()));
  }

  /** Writes what waits before the engine closes. */
  onModuleDestroy(): Promise<void> {
    return this.flush();
  }

  #about({ badge, code }: Noticed) {
    return { tenant: this.engine.config.tenant, badge, code, at: Date.now() };
  }

  #placed(event: EngagementEvent): Waiting {
    return { stream: engagementStream(event.tenant, event.badge), event: toNewEvent(event, randomUUID()) };
  }

  async #write(): Promise<void> {
    const batch = [...this.#waiting];
    if (batch.length === 0) return;
    const streams = new Map<string, NewEvent[]>();
    for (const { stream, event } of batch) streams.set(stream, [...(streams.get(stream) ?? []), event]);
    try {
      await this.engine.store.append([...streams].map(([stream, events]) => ({ stream, expected: 'any' as const, events })));
      this.#waiting = this.#waiting.slice(batch.length);
    } catch (error) {
      log.warn(`${batch.length} views and verifications wait to be written: ${messageOf(error)}`);
    }
  }
}
