import type { Verdict } from '#domain/verdict.js';
import { publicTrace } from './public-trace.js';

const leaf = (evidence: readonly string[]) => ({ criterion: 'count', path: 'count', met: true, value: 1, needed: 1, unit: 'count', evidence, lacking: ['a9'] }) as const;
const TRACE: Verdict = {
  met: true, decided: true, asOf: 5,
  root: { criterion: 'all', path: '', met: true, value: 2, needed: 2, unit: 'criteria', evidence: [], parts: [leaf(['lms/ada-1', 'lms/ada-2']), leaf(['lms/ada-1'])] },
};
const KEY = new Uint8Array(32).fill(7);

describe('a public trace', () => {
  const shown = publicTrace(TRACE, KEY);
  it('tells no id of a fact, at any depth', () => expect(JSON.stringify(shown)).not.toMatch(/ada|lms|a9/));
  it('says everything else', () => expect(shown).toMatchObject({ met: true, asOf: 5, root: { parts: [{ value: 1, needed: 1 }, {}] } }));
  it('keeps what is the same the same', () => {
    const [one, other] = shown.root.parts ?? [];
    expect(one?.evidence[0]).toBe(other?.evidence[0]);
    expect(one?.evidence[0]).not.toBe(one?.evidence[1]);
  });
  it('is another one under another key', () => expect(publicTrace(TRACE, new Uint8Array(32))).not.toEqual(shown));
});
