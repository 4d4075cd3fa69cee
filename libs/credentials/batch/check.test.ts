import { zoneOf } from '#rules/calendar.js';
import { readAwardTime } from './award-day.js';
import { RowCheck, type Checked } from './check.js';
import { csvLine } from './csv-writing.js';
import { changedMapping, placesOf, readMapping, suggestMapping } from './mapping.js';
import { readEmail } from '#domain/recipient.js';
import { learnerOf } from './recipient.js';

const SEOUL = zoneOf('Asia/Seoul');
const NOW = Date.parse('2026-03-10T06:00:00+09:00');

describe('columns', () => {
  it('are guessed from English and Korean names', () => {
    expect(suggestMapping(['Full Name', 'E-mail', 'Student ID', 'Completion date', 'Reason', 'Evidence URL', 'Language'])).toEqual({
      name: 'Full Name', email: 'E-mail', learner: 'Student ID', date: 'Completion date', reason: 'Reason', evidence: 'Evidence URL', language: 'Language',
    });
    expect(suggestMapping(['성명', '이메일', '사번', '수료일', '사유', '증빙', '언어', '부서'])).toEqual({
      name: '성명', email: '이메일', learner: '사번', date: '수료일', reason: '사유', evidence: '증빙', language: '언어',
    });
    expect(suggestMapping(['ID', '사 번', 'id', 'Ort'])).toEqual({ learner: 'ID' });
  });

  it('are not guessed where two have one name', () => expect(suggestMapping(['name', 'name', 'email'])).toEqual({ email: 'email' }));

  it('are what the caller says', () => {
    const suggested = suggestMapping(['name', 'id', 'nick']);
    expect(changedMapping(suggested, { name: 'nick' })).toEqual({ learner: 'id', name: 'nick' });
    expect(changedMapping(suggested, { name: '' })).toEqual({ learner: 'id' });
    expect(changedMapping(suggested, { reason: 'name' })).toEqual({ learner: 'id', reason: 'name' });
    expect(placesOf({ name: 'nick', learner: 'id' }, ['name', 'id', 'nick'])).toEqual({ learner: 1, name: 2 });
  });

  it('have to be there, once, and to say who', () => {
    expect(() => readMapping([['nome', 'x']])).toThrow('"nome" is nothing that a column can say');
    expect(() => placesOf({ learner: 'x' }, ['id'])).toThrow('no column "x" (for learner); it has: id');
    expect(() => placesOf({ learner: 'id' }, ['id', 'id'])).toThrow('two columns "id"');
    expect(() => placesOf({ learner: 'id', name: 'id' }, ['id'])).toThrow('cannot be both');
    expect(() => placesOf({ name: 'name' }, ['name'])).toThrow('No column says who');
  });
});

describe('a date', () => {
  const read = (text: string): string | number => {
    const found = readAwardTime(text, SEOUL, NOW);
    return found.ok ? new Date(found.time).toISOString() : found.problem.en;
  };

  it.each(['2026-03-01', '2026/3/1', '2026.3.1', '2026. 3. 1.', '20260301', '2026년 3월 1일'])('like %s is the first instant of its day', (text) => {
    expect(read(text)).toBe('2026-02-28T15:00:00.000Z');
  });

  it('may be a time', () => expect(read('2026-03-01T10:00:00+09:00')).toBe('2026-03-01T01:00:00.000Z'));

  it.each(['2026-02-30', '1.3.2026', '03/01/2026', '46000', '1960-01-01', 'gestern', '2026-03-01T10:00'])('like %s is refused', (text) => expect(read(text)).toContain('cannot be read'));

  it('has to have begun somewhere', () => {
    const west = zoneOf('America/Los_Angeles'); // where it is still the 9th
    expect(readAwardTime('2026-03-10', west, NOW)).toEqual({ ok: true, time: NOW });
    expect(readAwardTime('2026-03-11', west, NOW)).toMatchObject({ ok: false });
    expect(read('2026-03-12')).toContain('in the future');
  });
});

describe('a row', () => {
  const places = { learner: 0, email: 1, name: 2, date: 3, reason: 4, evidence: 5, language: 6 };
  const check = (...rows: readonly (readonly string[])[]): readonly Checked[] => {
    const checks = new RowCheck({ places, zone: SEOUL, now: NOW });
    return rows.map((cells, i) => checks.check({ ok: true, line: i + 2, cells: [...cells, ...Array<string>(7 - cells.length).fill('')] }));
  };
  const problems = (...cells: readonly string[]): readonly string[] => check(cells).flatMap((one) => (one.ok ? [] : one.problems.map(({ en }) => en)));

  it('says what is to be known', () => {
    expect(check(['e1', '', ' 김민아 ', '2026-03-01', 'Led it', 'https://x.example/1', '한국어'])).toEqual([
      { ok: true, entry: { line: 2, recipient: { learner: 'e1' }, name: '김민아', time: Date.parse('2026-03-01T00:00:00+09:00'), reason: 'Led it', evidence: 'https://x.example/1', language: 'ko' } },
    ]);
    expect(check(['', 'Ann@X.Example'])).toEqual([{ ok: true, entry: { line: 2, recipient: { email: 'ann@x.example' } } }]);
  });

  it.each([
    [['', '', 'Ann'], 'nobody is named'],
    [['', 'ann@x'], 'e-mail address cannot be one'],
    [['', 'a@b.c,d@e.fg'], 'e-mail address cannot be one'],
    [['e\u00001'], 'learner id holds control characters'],
    [['e1', '', 'A\nnn'], 'name holds control characters'],
    [['e1', '', 'Ann\u202egnp'], 'turn the direction'],
    [['e1', '', 'x'.repeat(201)], 'name is longer than 200'],
    [['e1', '', 'Ann', 'soon'], 'cannot be read'],
    [['e1', '', 'Ann', '2027-01-01'], 'in the future'],
    [['e1', '', 'Ann', '', 'x'.repeat(501)], 'reason is longer than 500'],
    [['e1', '', 'Ann', '', '', 'javascript:alert(1)'], 'must be an address'],
    [['e1', '', 'Ann', '', '', '', 'tlh'], 'language "tlh" is unknown'],
  ])('%j is bad: %s', (cells, problem) => expect(problems(...cells)).toEqual([expect.stringContaining(problem) as string]));

  it('tells everything that is wrong at once', () => expect(problems('', 'no', 'a\u0007b', 'x')).toHaveLength(3));

  it('takes names with markup as they are', () => expect(check(['e1', '', '<script>alert(1)</script>'])[0]).toMatchObject({ ok: true, entry: { name: '<script>alert(1)</script>' } }));

  it('has a person once, however an address is written', () => {
    const [, second, third, fourth] = check(['', 'ann@x.example'], ['', 'ANN@x.example '], ['e1'], ['e1', 'bob@x.example']);
    expect(second).toMatchObject({ ok: false, problems: [{ en: 'the same person is in line 2', ko: '같은 사람이 2번째 줄에 있습니다', field: 'email' }] });
    expect(third).toMatchObject({ ok: true });
    expect(fourth).toMatchObject({ ok: false, problems: [{ en: 'the same person is in line 4' }] });
  });
});

describe('an e-mail address', () => {
  const keys = { mac: async (secret: string, text: string): Promise<Uint8Array> => Buffer.from(`${secret}${text}`.padEnd(32)).subarray(-32) };

  it('stands for a learner under a secret of its own', async () => {
    expect(await learnerOf({ learner: 'e1' }, 't', keys)).toBe('e1');
    const [one, other, elsewhere] = await Promise.all([learnerOf({ email: 'a@x.example' }, 't', keys), learnerOf({ email: 'b@x.example' }, 't', keys), learnerOf({ email: 'a@x.example' }, 'u', keys)]);
    expect(one).toMatch(/^mail-[0-9a-f]{32}$/);
    expect(new Set([one, other, elsewhere]).size).toBe(3);
  });

  it('is one or is none', () => {
    expect(readEmail(' A.b+c@Sub.Example.COM ')).toBe('a.b+c@sub.example.com');
    for (const text of ['a@b', '@x.example', 'a b@x.example', 'a@x.example>', `${'a'.repeat(65)}@x.example`]) expect(readEmail(text)).toBeUndefined();
  });
});

describe('a cell that is written', () => {
  it.each(['=HYPERLINK("http://x")', '+1', '-1', '@SUM(A1)', '\tx', '\r=1', '＝1'])('%j is no formula', (cell) => {
    expect(csvLine([cell])).toMatch(/^"'/);
  });

  it('stays what it is otherwise', () => expect(csvLine(['Ann', 'a,b', 'c"d', 'x-y', ''])).toBe('Ann,"a,b","c""d",x-y,\r\n'));
});
