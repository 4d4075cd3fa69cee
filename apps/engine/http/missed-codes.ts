import { Injectable } from '@nestjs/common';
import { refuse } from './problem.js';

const WINDOW_MS = 60_000;
/** So many wrong codes in a minute are slips of the pen; more are somebody who tries them out. */
const MOST_MISSES = 30;
/** Addresses that are remembered: beyond that the oldest is forgotten, so that memory stays bounded. */
const MOST_ADDRESSES = 50_000;

/**
 * Counts codes that nobody has, by the address that asked for them. Codes that are there cost nothing and are answered all the
 * same: a class scans its badges at once, and behind one address there may be a whole school, or a proxy with everybody.
 */
@Injectable()
export class MissedCodes {
  readonly #misses = new Map<string, { since: number; count: number }>();

  /** Notes a code that nobody has. @throws a problem: too many, where this address has asked for too many of them */
  note(address: string, now = Date.now()): void {
    const found = this.#misses.get(address);
    if (found && now - found.since < WINDOW_MS) {
      if (found.count >= MOST_MISSES) throw refuse('too-many-codes', 'Too many codes that nobody has were asked for from here. Try again in a minute.');
      found.count += 1;
      return;
    }
    this.#misses.delete(address);
    this.#misses.set(address, { since: now, count: 1 });
    const [oldest] = this.#misses.keys();
    if (this.#misses.size > MOST_ADDRESSES && oldest !== undefined) this.#misses.delete(oldest);
  }
}
