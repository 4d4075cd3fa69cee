import type { LearningEvent } from '#domain/learning-event.js';
import { readEmail } from '#domain/recipient.js';
import type { Delivery } from './delivery.js';

/** Gives the learners whom e-mail addresses stand for, and keeps the addresses where they can be erased; in the order given. */
export type LearnerOfEmail = (emails: readonly string[]) => Promise<readonly string[]>;

const emailOf = (event: LearningEvent): string | undefined =>
  'learner' in event && event.learner !== undefined ? readEmail(event.learner) : undefined;

const hasEmail = ({ mapped }: Delivery): boolean => mapped.ok && mapped.events.some((event) => emailOf(event) !== undefined);

/**
 * Some class systems name learners by their e-mail addresses. Those never get into the log: the event is about the learner
 * whom the address stands for.
 */
export class Addresses {
  /** Settles when the deliveries of the calls before have their learners; undefined where there are none. */
  #before: Promise<unknown> | undefined;

  constructor(private readonly learnerOf: LearnerOfEmail) {}

  /** The deliveries with learners in place of addresses: at once where there are none, else in the order of the calls. */
  replaced(deliveries: readonly Delivery[]): readonly Delivery[] | Promise<readonly Delivery[]> {
    const before = this.#before;
    if (!deliveries.some(hasEmail)) return before ? before.then(() => deliveries) : deliveries;
    const named = this.#named(deliveries, before);
    const over = named.then(() => undefined, () => undefined);
    this.#before = over;
    void over.then(() => {
      if (this.#before === over) this.#before = undefined;
    });
    return named;
  }

  async #named(deliveries: readonly Delivery[], before: Promise<unknown> | undefined): Promise<readonly Delivery[]> {
    await before;
    const emails = [...new Set(deliveries.flatMap(({ mapped }) => (mapped.ok ? mapped.events.flatMap((event) => emailOf(event) ?? []) : [])))];
    const learners = await this.learnerOf(emails);
    const learnerOf = new Map(emails.map((email, i) => [email, learners[i]]));
    const renamed = (event: LearningEvent): LearningEvent => {
      const email = emailOf(event);
      const learner = email === undefined ? undefined : learnerOf.get(email);
      return learner === undefined ? event : ({ ...event, learner } as LearningEvent); // in its place: the order of the members is that of the stored text
    };
    return deliveries.map((delivery) => (hasEmail(delivery) && delivery.mapped.ok ? { ...delivery, mapped: { ok: true, events: delivery.mapped.events.map(renamed) } } : delivery));
  }
}
