import type { JobUnderTest } from './job-under-test.js';
import { Jobs } from './jobs.js';

const jobs = (milliseconds?: number) =>
  new Jobs<JobUnderTest, number, string>(new URL('./job-under-test.js', import.meta.url), { atOnce: 1, busy: 'one is enough', megabytes: 32, tooCostly: 'too much', ...(milliseconds !== undefined && { milliseconds }) });
const unended = new AbortController().signal;
const problem = (kind: string): object => expect.objectContaining({ problem: expect.objectContaining({ type: `urn:proofmark:problem:${kind}` }) as object }) as object;

describe('jobs', () => {
  it('answer, and tell on the way', async () => {
    const told: string[] = [];
    expect(await jobs().run({ how: 'answers' }, unended, (what) => told.push(what))).toBe(42);
    expect(told).toEqual(['answers']);
  });

  it.each<[JobUnderTest['how'], object]>([
    ['is refused', expect.objectContaining({ code: 'STORE_CORRUPT', message: 'It is damaged.' }) as object],
    ['breaks', expect.objectContaining({ message: expect.stringContaining('TypeError: a defect\n    at ') as string }) as object],
    ['takes all memory', problem('too-costly')],
    ['ends', problem('unavailable')],
  ])('say why there is no answer where one %s', async (how, why) => {
    await expect(jobs().run({ how }, unended)).rejects.toEqual(why);
  });

  it('are ended when their time is up', async () => {
    await expect(jobs(100).run({ how: 'never ends' }, unended)).rejects.toEqual(problem('too-costly'));
  });

  it('end with their signal, in the middle of whatever they do, and make room for others', async () => {
    const few = jobs();
    const gone = new AbortController();
    const hung = few.run({ how: 'never ends' }, gone.signal, () => gone.abort());
    expect(() => few.run({ how: 'answers' }, unended)).toThrow(problem('busy') as Error);
    await expect(hung).rejects.toEqual(problem('unavailable'));
    expect(await few.run({ how: 'answers' }, unended)).toBe(42);
    await expect(few.run({ how: 'answers' }, AbortSignal.abort())).rejects.toEqual(problem('unavailable'));
  });

  it('end with the server', async () => {
    const few = jobs();
    const hung = few.run({ how: 'never ends' }, unended);
    const ended = expect(hung).rejects.toEqual(problem('unavailable'));
    await few.end();
    await ended;
  });
});
