import { ProofmarkError } from '#domain/errors.js';
import type { EventStore, RecordedEvent, SubscribeOptions } from '#event-store/event-store.js';
import { awardAppends } from './awards-under-test.js';
import { badgeMessage } from './badge-message.js';
import { startBadgesTopic, type Checkpoint } from './badges-topic.js';
import type { OutMessage } from './message.js';

const recorded: readonly RecordedEvent[] = ['ada', 'bob', 'cat'].flatMap((learner) => awardAppends('t', learner)).map(({ stream, events: [event] }, i) => ({
  ...(event as RecordedEvent), stream, revision: 0, position: 10 * (i + 1), recordedAt: 0,
}));
const [first] = recorded as [RecordedEvent];

describe('the message of an award\'s event', () => {
  it('is a CloudEvent with the event\'s own id, by the key of its learner', () => {
    const message = badgeMessage(first, 't', 'https://badges.example.org');
    expect(message).toMatchObject({
      key: 't:ada',
      headers: {
        'content-type': 'application/json', ce_specversion: '1.0', ce_id: first.id, ce_source: 'https://badges.example.org', ce_type: 'proofmark.badge-awarded',
        ce_subject: 'award-of-ada', ce_time: '2026-01-10T12:00:02.000Z', ce_logposition: '10',
      },
    });
    expect(JSON.parse(String(message?.value))).toMatchObject({
      award: 'award-of-ada', tenant: 't', learner: 'ada', badge: 'starter', course: 'c', earnedAt: '2026-01-10T12:00:00.000Z', startedAt: '2026-01-10T11:59:59.000Z',
      verdict: { met: true, asOf: '2026-01-10T12:00:00.000Z', root: { evidence: ['lms/1', 'lms/2'] } }, cause: { kind: 'facts' },
    });
  });

  it('is the same each time, and other tenants\' events have none', () => {
    expect(badgeMessage(first, 't', 'x')).toEqual(badgeMessage(first, 't', 'x'));
    expect(badgeMessage(first, 'u', 'x')).toBeUndefined();
  });

  it('is not made of what this program cannot read', () => {
    expect(() => badgeMessage({ ...first, schema: 99 }, 't', 'x')).toThrow(ProofmarkError);
  });
});

/** A log that gives what stands in it and ends the subscription when the signal is aborted. */
const log = (events: readonly RecordedEvent[]): Pick<EventStore, 'subscribe'> => ({
  subscribe: async function* ({ after, batchSize = 500, signal }: SubscribeOptions) {
    const rest = events.filter(({ position }) => position > after);
    for (let i = 0; i < rest.length && !signal.aborted; i += batchSize) yield rest.slice(i, i + batchSize);
    await new Promise<void>((resolve) => (signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve())));
  },
});

class Crash extends Error {}

const idOf = ({ headers }: OutMessage): string => String(headers?.['ce_id']);

describe('publishing awards', () => {
  it.each([1, 2, 4])('repeats ids and misses none when it dies between producing and its checkpoint, %i at a time', async (batchSize) => {
    const topic: OutMessage[] = [];
    let kept = 0;
    let saves = 0;
    const dying: Checkpoint = {
      load: async () => kept,
      save: async (position) => {
        if (++saves === 2) throw new Crash('killed');
        kept = position;
      },
    };
    const producer = async () => ({ send: async (_topic: string, messages: readonly OutMessage[]) => void topic.push(...messages), close: async () => undefined });
    const options = { store: log(recorded), producer, topic: 'badges', tenant: 't', source: 'x', batchSize };
    const first = startBadgesTopic({ ...options, checkpoint: dying });
    await expect(first.done).rejects.toThrow(Crash);
    let last = (): void => undefined;
    const finished = new Promise<void>((resolve) => (last = resolve));
    const second = startBadgesTopic({
      ...options,
      checkpoint: { load: async () => kept, save: async (position) => void (position === recorded.at(-1)?.position && last()) },
    });
    await finished;
    await Promise.all([first.stop(), second.stop()]);
    const ids = topic.map(idOf);
    expect(ids.length).toBeGreaterThan(recorded.length);
    expect([...new Set(ids)]).toEqual(recorded.map(({ id }) => id));
    // What comes twice is the same, and whoever leaves out lower positions sees each award's life in its order.
    const contents = new Map<string, string>();
    for (const message of topic) {
      const text = JSON.stringify(message);
      expect(contents.get(idOf(message)) ?? text).toBe(text);
      contents.set(idOf(message), text);
    }
    expect(second.status()).toEqual({ state: 'stopped', position: recorded.at(-1)?.position });
  });

  it('tries again after failures that may pass, and ends at others', async () => {
    let failures = 2;
    let published = (): void => undefined;
    const done = new Promise<void>((resolve) => (published = resolve));
    const said: string[] = [];
    const topic = startBadgesTopic({
      store: log(recorded), topic: 'badges', tenant: 't', source: 'x', checkpoint: { load: async () => 0, save: async () => published() },
      log: (_level, message) => void said.push(message),
      producer: async () => ({
        send: async () => {
          if (failures-- > 0) throw Object.assign(new Error('no leader'), { name: 'KafkaJSProtocolError', retriable: true });
        },
        close: async () => undefined,
      }),
    });
    await done;
    expect(said).toHaveLength(2);
    await topic.stop();
    const unreadable = startBadgesTopic({
      store: log([{ ...first, schema: 99 }]), topic: 'badges', tenant: 't', source: 'x', checkpoint: { load: async () => 0, save: async () => undefined },
      producer: async () => ({ send: async () => undefined, close: async () => undefined }),
    });
    await expect(unreadable.done).rejects.toMatchObject({ code: 'UNKNOWN_EVENT_VERSION' });
    expect(unreadable.status()).toMatchObject({ state: 'failed', position: 0 });
  });
});
