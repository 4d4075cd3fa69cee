import { crc32 } from 'node:zlib';
import { ProofmarkError } from '#domain/errors.js';
import type { Append, AppendResult, ExpectedRevision } from './event-store.js';
import { writeEventId } from './event-id.js';

/** Expected revisions as numbers; "no stream" is what an absent stream's last revision reads as. */
export const NO_STREAM = -1;
export const ANY = -2;

/**
 * The appends of one call as columns: a message between threads costs by the number of its objects, and a thousand
 * events as a few arrays cross ten times faster than as a thousand objects.
 */
export interface AppendColumns {
  /** One entry per append. */
  readonly streams: readonly string[];
  readonly expected: Float64Array;
  readonly counts: Uint32Array;
  /** Distinct (type, schema) pairs of the call. */
  readonly types: readonly string[];
  readonly schemas: readonly number[];
  /** One entry per event: index into `types`, 16 bytes of id, where its JSON ends in `json`, and that JSON's CRC-32. */
  readonly kinds: Uint32Array;
  readonly ids: Uint8Array;
  readonly ends: Uint32Array;
  readonly crcs: Uint32Array;
  /** The JSON texts of all events, one after the other: one string crosses in the time of a few. */
  readonly json: string;
}

/** The answers to one call as columns; `position` is unused for a wrong expected revision. */
export interface ResultColumns {
  readonly outcomes: Uint8Array;
  readonly revisions: Float64Array;
  readonly positions: Float64Array;
}

export const OUTCOMES = ['appended', 'already-appended', 'wrong-expected-revision'] as const;
export const APPENDED = 0;
export const ALREADY_APPENDED = 1;
export const WRONG_EXPECTED_REVISION = 2;

const expectedNumber = (expected: ExpectedRevision): number => {
  if (expected === 'no-stream') return NO_STREAM;
  if (expected === 'any') return ANY;
  if (Number.isSafeInteger(expected) && expected >= 0) return expected;
  throw new ProofmarkError('USAGE', `An expected revision must be a whole number from 0, but this one is ${expected}.`);
};

/**
 * Checks the appends of a call and lays them out as columns.
 * @throws ProofmarkError USAGE for an append without events, an unnamed stream, or an id that is no UUID.
 */
export const toColumns = (appends: readonly Append[]): AppendColumns => {
  let total = 0;
  for (const { events } of appends) total += events.length;
  const streams: string[] = [];
  const expected = new Float64Array(appends.length);
  const counts = new Uint32Array(appends.length);
  const types: string[] = [];
  const schemas: number[] = [];
  const known = new Map<string, number>();
  const kinds = new Uint32Array(total);
  const ids = new Uint8Array(total * 16);
  const jsons: string[] = [];
  const ends = new Uint32Array(total);
  let end = 0;
  const crcs = new Uint32Array(total);
  for (const [index, append] of appends.entries()) {
    if (append.stream === '') throw new ProofmarkError('USAGE', 'An append must name its stream.');
    if (append.events.length === 0) throw new ProofmarkError('USAGE', `The append to ${append.stream} has no events.`);
    streams.push(append.stream);
    expected[index] = expectedNumber(append.expected);
    counts[index] = append.events.length;
    for (const event of append.events) {
      const at = jsons.length;
      const name = `${event.schema} ${event.type}`;
      let kind = known.get(name);
      if (kind === undefined) {
        kind = types.length;
        known.set(name, kind);
        types.push(event.type);
        schemas.push(event.schema);
      }
      kinds[at] = kind;
      writeEventId(event.id, ids, at * 16);
      crcs[at] = crc32(event.json);
      jsons.push(event.json);
      end += event.json.length;
      ends[at] = end;
    }
  }
  return { streams, expected, counts, types, schemas, kinds, ids, ends, crcs, json: jsons.join('') };
};

/** The answers of a call as values, in the order of its appends. */
export const fromColumns = (columns: ResultColumns): readonly AppendResult[] =>
  Array.from(columns.outcomes, (code, index): AppendResult => {
    const outcome = OUTCOMES[code] ?? 'wrong-expected-revision';
    const revision = columns.revisions[index] ?? 0;
    return outcome === 'wrong-expected-revision'
      ? { outcome, actual: revision }
      : { outcome, revision, position: columns.positions[index] ?? 0 };
  });
