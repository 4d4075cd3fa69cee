import { Injectable } from '@nestjs/common';
import { clientOf } from '#access/client-address.js';
import { readCode } from '#credentials/code.js';
import { problem, ProblemException, refuse, type Problem } from './problem.js';

const WINDOW_MS = 60_000;
/** So many wrong codes in a minute are slips of the pen; more are somebody who tries them out. */
const MOST_MISSES = 30;
/** Addresses that are remembered: beyond that the oldest is forgotten, so that memory stays bounded. */
const MOST_ADDRESSES = 50_000;

/**
 * Somebody asked for a code that nobody has, or that cannot be one: both are answered alike. Whatever takes codes throws it, and where
 * it becomes an answer it is counted.
 */
export class UnknownCode extends ProblemException {
  /** It could be somebody's; one with a slip of the pen in it tells nothing to who tries codes out. */
  readonly counts: boolean;

  constructor(typed: string, detail = 'There is no credential of this code. Check it for slips of the pen; codes have 16 characters.') {
    super(problem('not-found', detail));
    this.counts = readCode(typed) !== undefined;
  }
}

/**
 * Counts codes that nobody has, by the address that asked for them. Codes that are there cost nothing and are answered all the
 * same: a class scans its badges at once, and behind one address there may be a whole school, or a proxy with everybody.
 */
@Injectable()
export class MissedCodes {
  readonly #misses = new Map<string, { since: number; count: number }>();

  /** The answer to who asked for a code that nobody has: so it is, or that there were too many of them. */
  answer({ problem: unknown, counts }: UnknownCode, address: string): Problem {
    try {
      if (counts) this.note(address);
      return unknown;
    } catch (error) {
      if (error instanceof ProblemException) return error.problem;
      throw error;
    }
  }

  /** Notes a code that nobody has. @throws a problem: too many, where this address has asked for too many of them */
  note(from: string, now = Date.now()): void {
    const address = clientOf(from);
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
