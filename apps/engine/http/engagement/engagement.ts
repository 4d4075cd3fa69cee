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
import { EventCap } from './event-cap.js';
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
/** While they cannot be written the pause doubles with each attempt, up to this. */
const LONGEST_PAUSE_MS = 60_000;
/** So many are written without waiting for more. */
const BATCH = 200;
/** So many wait at most while the log cannot be written; what comes then is not counted. */
const MOST_WAITING = 10_000;

/** How long what was noted waits after so many attempts to write it, milliseconds. */
export const pauseAfter = (failures: number): number => Math.min(PAUSE_MS * 2 ** Math.min(failures, 10), LONGEST_PAUSE_MS);

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
  readonly #cap = new EventCap();
  #timer: NodeJS.Timeout | undefined;
  /** Attempts to write since the last that succeeded. */
  #failures = 0;
  #writing: Promise<void> = Promise.resolve();
  #isWriting = false;

  constructor(@InjectEngine() private readonly engine: Engine) {}

  /** Notes a view or a verification, if it counts. It returns at once and never fails. */
  note<What extends keyof Notes>(credential: Noticed, what: What, via: Notes[What], request: FastifyRequest): void {
    const counts = what === 'view' ? isPerson(request) : !isRobot(request);
    if (!counts || this.#waiting.length >= MOST_WAITING) return;
    const now = Date.now();
    if (this.#cap.isReached(credential.code, now) || !this.#visitors.isNew(traitsOf(request), `${credential.code} ${what} ${via}`, now)) return;
    this.#cap.count(credential.code, now);
    const about = this.#about(credential);
    this.#waiting.push(this.#placed(via === 'page' ? { type: 'CredentialViewed', ...about, via } : { type: 'CredentialVerified', ...about, via }));
    // After a failure time alone brings the next attempt, however many visitors come.
    if (this.#waiting.length >= BATCH && this.#failures === 0 && !this.#isWriting) void this.flush();
    else this.#later();
  }

  /**
   * Records that a badge was shared; false where that visitor has just done the same, or too many have.
   * @throws ProofmarkError as the log does.
   */
  async share(credential: Noticed, target: ShareTarget, request: FastifyRequest): Promise<boolean> {
    const act = `${credential.code} share ${target}`;
    const now = Date.now();
    if (isRobot(request) || this.#cap.isReached(credential.code, now) || !this.#visitors.isNew(traitsOf(request), act, now)) return false;
    const { stream, event } = this.#placed({ type: 'CredentialShared', ...this.#about(credential), via: target });
    try {
      await this.engine.store.append([{ stream, expected: 'any', events: [event] }]);
    } catch (error) {
      this.#visitors.forget(traitsOf(request), act, Date.now());
      throw error;
    }
    this.#cap.count(credential.code, now);
    return true;
  }

  /** Writes what waits; what cannot be written waits on. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isWriting = true;
    return (this.#writing = this.#writing.then(() => this.#write()).finally(() => (this.#isWriting = false)));
  }

  /** Writes what waits before the engine closes. */
  onModuleDestroy(): Promise<void> {
    return this.flush();
  }

  #later(): void {
    this.#timer ??= setTimeout(() => void this.flush(), pauseAfter(this.#failures)).unref();
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
      this.#failures = 0;
    } catch (error) {
      this.#failures += 1;
      log.warn(`${batch.length} views and verifications wait to be written, for ${pauseAfter(this.#failures) / 1_000} seconds at least: ${messageOf(error)}`);
      this.#later();
    }
  }
}
