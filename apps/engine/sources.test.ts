import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LearningEvent } from '#domain/learning-event.js';
import { loadEntitlements } from './sources.js';

const dir = mkdtempSync(join(tmpdir(), 'proofmark-'));
afterAll(() => rmSync(dir, { recursive: true }));
const load = (text: string) => {
  const file = join(dir, 'sources.yaml');
  writeFileSync(file, text);
  const may = loadEntitlements(file);
  return (event: LearningEvent) => may(event, { format: 'proofmark', origin: 'http', raw: '', mapped: { ok: true, events: [event] } });
};
const event = (source: string, course?: string): LearningEvent =>
  course === undefined
    ? { type: 'FactRetracted', id: 'c', source, target: 'e', learner: 'ada' }
    : { type: 'Enrolled', id: 'e', source, learner: 'ada', course, time: 0 };

describe('who may report about which courses', () => {
  const may = load('lms: [algebra, "sql-*"]\nadmin: ["*"]\nnobody: []\n');

  it.each([['lms', 'algebra'], ['lms', 'sql-1'], ['lms', 'sql-'], ['admin', 'anything'], ['admin', '']])('lets %s report about "%s"', (source, course) => {
    expect(may(event(source, course))).toBeUndefined();
  });

  it.each([['lms', 'algebra-2'], ['lms', 'sql'], ['lms', 'Algebra'], ['nobody', 'algebra']])('does not let %s report about "%s"', (source, course) => {
    expect(may(event(source, course))).toEqual({ reason: 'forbidden-course', detail: `source "${source}" may not report about course "${course}"` });
  });

  it.each(['other', 'constructor', ''])('knows no source "%s"', (source) => {
    expect(may(event(source, 'algebra'))).toMatchObject({ reason: 'forbidden-source' });
    expect(may(event(source))).toMatchObject({ reason: 'forbidden-source' });
  });

  it('lets a known source correct its own facts without naming the course', () => expect(may(event('lms'))).toBeUndefined());

  it.each(['', '[]', 'lms: algebra', 'lms: [1]', 'lms:\n  a: b', 'lms: [a', 'text'])('refuses a file that says "%s"', (text) => {
    expect(() => load(text)).toThrow(expect.objectContaining({ code: 'USAGE', message: expect.stringContaining('sources.yaml') as string }) as Error);
  });

  it('refuses a file that is not there', () => {
    expect(() => loadEntitlements(join(dir, 'none.yaml'))).toThrow(expect.objectContaining({ code: 'USAGE' }) as Error);
  });
});
