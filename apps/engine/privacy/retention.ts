import type { LetterShredded } from '#domain/dead-letter.js';
import { hashUuid } from '#domain/ids.js';
import { deadLetterStream } from '#domain/streams.js';
import { toNewEvent } from '#event-store/execute.js';
import { waitFor } from '#event-store/wait-for.js';
import { letterSubject } from '#intake/letter-content.js';
import type { Engine } from '../engine.js';

const DAY_MS = 86_400_000;
const PAGE = 500;

/** What keeping for a time uses of an engine. */
export type RetainingEngine = Pick<Engine, 'config' | 'store' | 'vault' | 'readModels'>;

/** Gives up what dead letters keep that are older than so many days; says of how many. */
export const shredOldLetters = async ({ config: { tenant }, store, vault, readModels }: RetainingEngine, days: number, now: number): Promise<number> => {
  let shredded = 0;
  for (let after = 0; ; ) {
    const where = { tenant, status: { in: ['open', 'replayed'] }, rejectedAt: { lt: now - days * DAY_MS }, position: { gt: after } };
    const rows = await readModels.find('dead_letter', { where, orderBy: ['position'], limit: PAGE });
    const last = rows.at(-1);
    if (!last) return shredded;
    after = last['position'] as number;
    const letters = rows.map(({ letter }) => letter as string);
    await store.append(letters.map((letter, i) => {
      const event: LetterShredded = { type: 'LetterShredded', letter, tenant, because: 'retention', shreddedAt: now };
      // Once for each time that it was kept: letters that come again are kept anew.
      return { stream: deadLetterStream(letter), expected: 'any', events: [toNewEvent(event, hashUuid('LetterShredded', 'retention', letter, String(Number(rows[i]?.['position']))))] };
    }));
    await vault.erase(letters.map((letter) => letterSubject(tenant, letter)));
    shredded += letters.length;
  }
};

/** Does so now and once a day, until the signal; never rejects. */
export const keepRetention = async (engine: RetainingEngine, { now, signal, failed }: { readonly now: () => number; readonly signal: AbortSignal; readonly failed: (error: unknown) => void }): Promise<void> => {
  const { keepDeadLettersDays: days } = engine.config;
  while (days !== undefined && !signal.aborted) {
    try {
      await shredOldLetters(engine, days, now());
    } catch (error) {
      if (!signal.aborted) failed(error);
    }
    await waitFor(DAY_MS, signal);
  }
};
