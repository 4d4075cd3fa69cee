import { setTimeout as sleep } from 'node:timers/promises';
import { Controller, Get, Injectable, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { ReaderState } from '#kafka/reader.js';
import { May } from './access/permission.js';
import type { Engine } from '../engine.js';
import { Badges } from './badges.js';
import { InjectEngine } from './engine-token.js';
import { AskedOf } from './role-guard.js';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** How long a scrape waits for a store that is slow or out of reach. */
const STORE_MS = 1_000;

/** What a store answers, or nothing where it does not answer soon: a scrape tells the rest then, when it is wanted most. */
const soon = async <T>(answer: Promise<T>): Promise<T | undefined> => {
  const late = new AbortController();
  try {
    return await Promise.race([answer, sleep(STORE_MS, undefined, { signal: late.signal })]);
  } catch {
    return undefined; // /health/ready says what is wrong with it
  } finally {
    late.abort();
  }
};

/** What Prometheus can scrape. Figures of the engine are taken at the scrape; nothing is counted twice. */
@Injectable()
export class Metrics {
  readonly registry = new Registry();
  readonly #duration = new Histogram({
    name: 'proofmark_http_request_duration_seconds',
    help: 'How long requests took, by route and status.',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: SECONDS,
    registers: [this.registry],
  });

  constructor(
    @InjectEngine() private readonly engine: Engine,
    private readonly badges: Badges,
  ) {
    collectDefaultMetrics({ register: this.registry });
    this.#countEvents();
    this.#countAwards();
    this.#watchStore();
    this.#watchFollowers();
    this.#watchKafka();
  }

  /** Takes in one answered request. */
  observe(method: string, route: string, status: number, seconds: number): void {
    this.#duration.observe({ method, route, status: String(status) }, seconds);
  }

  #countEvents(): void {
    const { intake } = this.engine;
    const registers = [this.registry];
    new Counter({
      name: 'proofmark_events_total',
      help: 'Deliveries since the start, by what became of them.',
      labelNames: ['outcome'] as const,
      registers,
      collect() {
        const { recorded, duplicates, deadLettered } = intake.account;
        this.reset();
        this.inc({ outcome: 'recorded' }, recorded);
        this.inc({ outcome: 'duplicate' }, duplicates);
        this.inc({ outcome: 'dead-lettered' }, deadLettered);
      },
    });
    new Counter({
      name: 'proofmark_dead_letters_total',
      help: 'Dead-lettered deliveries since the start, by reason.',
      labelNames: ['reason'] as const,
      registers,
      collect() {
        this.reset();
        for (const [reason, count] of Object.entries(intake.account.byReason)) this.inc({ reason }, count);
      },
    });
  }

  #countAwards(): void {
    const { badges } = this;
    new Gauge({
      name: 'proofmark_awards',
      help: 'Awards by state.',
      labelNames: ['state'] as const,
      registers: [this.registry],
      async collect() {
        this.reset();
        for (const [state, count] of Object.entries((await soon(badges.counts())) ?? {})) this.set({ state }, Number(count));
      },
    });
  }

  #watchStore(): void {
    const { store } = this.engine;
    const registers = [this.registry];
    new Gauge({
      name: 'proofmark_log_head',
      help: 'Position of the last event in the log.',
      registers,
      async collect() {
        const head = await soon(store.head());
        this.set(head ?? NaN);
      },
    });
    new Gauge({
      name: 'proofmark_log_writable',
      help: '1 while the log can be written.',
      registers,
      collect() {
        this.set(store.health().writable ? 1 : 0);
      },
    });
  }

  /** What this process takes in from Kafka; nothing where it does not. */
  #watchKafka(): void {
    const { deliveries } = this.engine;
    if (!deliveries) return;
    const gauge = (name: string, help: string, of: (state: ReaderState) => number): void => {
      new Gauge({
        name,
        help,
        labelNames: ['reader'] as const,
        registers: [this.registry],
        collect() {
          const { learning, course } = deliveries.status();
          this.set({ reader: 'learning' }, of(learning));
          if (course) this.set({ reader: 'course' }, of(course));
        },
      });
    };
    gauge('proofmark_kafka_lag', 'Messages of the partitions of this process that are not dealt with, as of the last look at their ends.', ({ lag }) => lag);
    gauge('proofmark_kafka_partitions', 'Partitions that this process reads.', ({ assigned }) => Object.values(assigned).reduce((sum, partitions) => sum + partitions.length, 0));
    gauge('proofmark_kafka_rebalances', 'How often the group has agreed on who reads what, since the start.', ({ rebalances }) => rebalances);
    gauge('proofmark_kafka_restarts', 'How often reading began anew after an error or without progress, since the start.', ({ restarts }) => restarts);
    gauge('proofmark_kafka_bytes_under_way', 'Bytes that were fetched and are not dealt with.', ({ bytesUnderWay }) => bytesUnderWay);
  }

  #watchFollowers(): void {
    const { followers, store } = this.engine;
    const registers = [this.registry];
    const labelNames = ['follower'] as const;
    new Gauge({
      name: 'proofmark_follower_position',
      help: 'The last log position that a follower has handled; awarding moves only with events that it decides about.',
      labelNames,
      registers,
      collect() {
        this.reset();
        const { awarding, issuing, projections } = followers.status();
        this.set({ follower: 'awarding' }, awarding.position);
        this.set({ follower: 'issuing' }, issuing.position);
        for (const { projection, state, checkpoint } of projections) if (state === 'live') this.set({ follower: projection }, checkpoint);
      },
    });
    new Gauge({
      name: 'proofmark_follower_lag',
      help: 'Log positions between the head and what a read model shows.',
      labelNames,
      registers,
      async collect() {
        this.reset();
        const head = await soon(store.head());
        if (head === undefined) return;
        for (const { projection, state, checkpoint } of followers.status().projections) {
          if (state === 'live') this.set({ follower: projection }, Math.max(0, head - checkpoint));
        }
      },
    });
    new Gauge({
      name: 'proofmark_awards_unsigned',
      help: 'Awards whose credential cannot be signed because of what it would say; /v1/projections names them.',
      registers,
      collect() {
        this.set(followers.status().issuing.unsignedCount);
      },
    });
    new Gauge({
      name: 'proofmark_follower_parked',
      help: '1 where a follower has stopped for good.',
      labelNames,
      registers,
      collect() {
        this.reset();
        const { awarding, issuing, projections } = followers.status();
        this.set({ follower: 'awarding' }, awarding.state === 'parked' ? 1 : 0);
        this.set({ follower: 'issuing' }, issuing.state === 'parked' ? 1 : 0);
        for (const { projection, state, status } of projections) if (state === 'live') this.set({ follower: projection }, status === 'parked' ? 1 : 0);
      },
    });
  }
}

/** The scrape. */
@ApiTags('operation')
@AskedOf('any')
@May('metrics:read')
@Controller('metrics')
export class MetricsController {
  constructor(private readonly metrics: Metrics) {}

  /** Everything that is measured, in Prometheus' text format. */
  @Get()
  @ApiOperation({ summary: 'Metrics for Prometheus' })
  @ApiProduces('text/plain')
  @ApiOkResponse({ description: 'Text in the exposition format.' })
  async scrape(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    reply.header('content-type', this.metrics.registry.contentType);
    return this.metrics.registry.metrics();
  }
}
