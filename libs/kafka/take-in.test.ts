import fc from 'fast-check';
import { ProofmarkError } from '#domain/errors.js';
import type { Delivery, Receipt } from '#intake/delivery.js';
import type { KafkaMessage, PartitionBatch } from './message.js';
import { storeMayRecover, takeIn, type TakeIn } from './take-in.js';

const message = (offset: number, value: string | null = 'x'): KafkaMessage => ({ key: null, value: value === null ? null : Buffer.from(value), offset: `${offset}`, timestamp: '0' });
const delivery = ({ offset }: KafkaMessage): Delivery => ({ raw: offset, format: 'proofmark', origin: offset, mapped: { ok: false, reason: 'malformed', detail: '' } });
const receipt = ({ raw }: Delivery): Receipt => (Number(raw) % 10 === 3 ? { outcome: 'rejected', reason: 'malformed', detail: '', letter: String(raw) } : { outcome: 'recorded', position: 1 });

/** A partition that writes down what is done with it, in order. */
const partition = (messages: readonly KafkaMessage[], current: (asked: number) => boolean = () => true) => {
  const story: string[] = [];
  let asked = 0;
  const batch: PartitionBatch = {
    topic: 'a', partition: 0, messages,
    current: () => current(asked++),
    heartbeat: async () => undefined,
    done: async (next) => void story.push(`done ${next}`),
    pause: () => () => undefined,
  };
  const steps: TakeIn = {
    deliver: (one) => (one.value === null ? undefined : delivery(one)),
    submit: async (deliveries) => {
      story.push(`submit ${deliveries.map(({ raw }) => raw).join()}`);
      return deliveries.map(receipt);
    },
    keepLetters: async (_batch, of, receipts) => {
      const letters = of.filter((_, i) => receipts[i]?.outcome === 'rejected');
      if (letters.length > 0) story.push(`letters ${letters.map(({ offset }) => offset).join()}`);
    },
  };
  return { story, batch, steps };
};

describe('taking in a batch', () => {
  it('is done with messages after they are submitted and their letters kept', async () => {
    const { story, batch, steps } = partition([1, 3, 7].map((offset) => message(offset)));
    expect(await takeIn(batch, steps, storeMayRecover)).toEqual({ outcome: 'taken' });
    expect(story).toEqual(['submit 1,3,7', 'letters 3', 'done 8']);
  });

  it('passes over messages that say nothing', async () => {
    const { story, batch, steps } = partition([message(1), message(2, null), message(4), message(5, null)]);
    await takeIn(batch, steps, storeMayRecover);
    expect(story).toEqual(['submit 1,4', 'done 6']);
    const empty = partition([message(9, null)]);
    await takeIn(empty.batch, empty.steps, storeMayRecover);
    expect(empty.story).toEqual(['done 10']);
  });

  it('waits for what has to be looked up first, in the order of the messages', async () => {
    const { story, batch, steps } = partition([1, 2, 4].map((offset) => message(offset)));
    const deliver: TakeIn['deliver'] = (one) => (one.offset === '2' ? Promise.resolve(delivery(one)) : delivery(one));
    await takeIn(batch, { ...steps, deliver }, storeMayRecover);
    expect(story).toEqual(['submit 1,2,4', 'done 5']);
  });

  it('leaves everything where it is as long as that cannot be looked up', async () => {
    const { story, batch, steps } = partition([1, 2].map((offset) => message(offset)));
    const error = new ProofmarkError('STORE_UNAVAILABLE', 'gone');
    const deliver: TakeIn['deliver'] = (one) => (one.offset === '2' ? Promise.reject(error) : delivery(one));
    expect(await takeIn(batch, { ...steps, deliver }, storeMayRecover)).toEqual({ outcome: 'failed', error });
    expect(story).toEqual([]);
  });

  it('begins nothing new once the partition may be another member\'s', async () => {
    const { story, batch, steps } = partition(Array.from({ length: 1_200 }, (_, i) => message(i)), (asked) => asked < 2);
    await takeIn(batch, steps, storeMayRecover);
    expect(story.filter((line) => line.startsWith('done'))).toEqual(['done 500', 'done 1000']);
  });

  it('submits no more than 4 MiB at once, and one message at least', async () => {
    const { story, batch, steps } = partition([0, 1, 2].map((offset) => message(offset, 'x'.repeat(3 * 1024 * 1024))));
    await takeIn(batch, steps, storeMayRecover);
    expect(story.filter((line) => line.startsWith('submit'))).toEqual(['submit 0', 'submit 1', 'submit 2']);
  });

  it.each(['STORE_FULL', 'STORE_FAILED', 'STORE_CORRUPT', 'CONCURRENT_CHANGE'] as const)('is not done with what failed with %s', async (code) => {
    const { story, batch, steps } = partition([message(1)]);
    const error = new ProofmarkError(code, 'no');
    expect(await takeIn(batch, { ...steps, submit: () => Promise.reject(error) }, storeMayRecover)).toEqual({ outcome: 'failed', error });
    expect(await takeIn(batch, { ...steps, keepLetters: () => Promise.reject(error) }, storeMayRecover)).toEqual({ outcome: 'failed', error });
    expect(story).not.toContain('done 2');
  });

  it('throws what does not pass', async () => {
    const { batch, steps } = partition([message(1)]);
    for (const error of [new ProofmarkError('STORE_CLOSED', 'no'), new TypeError('a slip')]) {
      await expect(takeIn(batch, { ...steps, submit: () => Promise.reject(error) }, storeMayRecover)).rejects.toBe(error);
    }
  });

  it('never passes a message that failed, and loses none that comes again, whatever fails', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom('works', 'fails', 'fails after'), { maxLength: 12 }), fc.integer({ min: 1, max: 2_200 }), async (fates, count) => {
        const durable = new Set<string>();
        const letters = new Set<string>();
        let next = 0;
        let call = 0;
        const full = new ProofmarkError('STORE_FULL', 'no');
        const steps: TakeIn = {
          deliver: delivery,
          submit: async (deliveries) => {
            const fate = fates[call++] ?? 'works';
            if (fate === 'fails') throw full;
            for (const { raw } of deliveries) durable.add(String(raw));
            if (fate === 'fails after') throw full;
            return deliveries.map(receipt);
          },
          keepLetters: async (_batch, messages, receipts) => {
            if (fates[call++] === 'fails') throw full;
            messages.forEach(({ offset }, i) => receipts[i]?.outcome === 'rejected' && letters.add(offset));
          },
        };
        while (next < count) {
          const messages = Array.from({ length: count - next }, (_, i) => message(next + i));
          await takeIn({ ...partition(messages).batch, done: async (to) => void (next = to) }, steps, storeMayRecover);
          const passed = Array.from({ length: next }, (_, offset) => offset);
          expect(passed.filter((offset) => !durable.has(`${offset}`))).toEqual([]);
          expect(passed.filter((offset) => offset % 10 === 3 && !letters.has(`${offset}`))).toEqual([]);
        }
      }),
      { numRuns: 40 },
    );
  });
});
