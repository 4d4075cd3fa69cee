import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { readCode } from '#credentials/code.js';
import { openEmbeddedReader } from '#event-store/embedded.js';
import { proofmark, start, type Run } from './cli.js';
import { pdfText } from './pdf-text.js';
import { zipEntries } from './zip-entries.js';

/* Batches through the real program: a file of people in, badges and certificates out. */

const RULES = {
  'workshop.yaml': `
badge: workshop
name: { en: Data Workshop, ko: 데이터 워크숍 }
criteria-text: { en: Took part in the whole workshop }
decides: as-soon-as-met
when-corrected: review
criteria:
  approval: { by: 1 }
`,
  'mentor.yaml': `
badge: mentor
name: { en: Mentor }
criteria-text: { en: 'Completed a mentoring mission, and an instructor approves' }
course: C1
decides: as-soon-as-met
when-corrected: review
criteria:
  all:
    - count: { of: missions, tag: mentoring, at-least: 1 }
    - approval: { by: 1 }
`,
  'plain.yaml': `
badge: plain
name: { en: Plain }
criteria-text: { en: Completed a mission }
course: C1
decides: as-soon-as-met
when-corrected: keep
criteria:
  count: { of: missions, at-least: 1 }
`,
};

/** Each test starts the program several times. */
const SLOW_MACHINE_MS = 300_000;

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'proofmark-batch-'));
  for (const [file, text] of Object.entries(RULES)) writeFileSync(join(dir, file), text);
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const where = (): readonly string[] => ['--data', join(dir, 'data'), '--rules', dir];
const file = (name: string, lines: readonly string[]): string => {
  writeFileSync(join(dir, name), lines.join('\r\n'));
  return join(dir, name);
};
const issueArguments = (csv: string, badge: string, ...more: readonly string[]): readonly string[] => ['issue', '--csv', csv, '--badge', badge, '--by', 'hr-kim', ...where(), ...more];
const issue = (csv: string, badge: string, ...more: readonly string[]): Promise<Run> => proofmark(...issueArguments(csv, badge, ...more));

/** How many events of each type are in the log. */
const eventCounts = async (): Promise<Readonly<Record<string, number>>> => {
  const store = await openEmbeddedReader(join(dir, 'data'));
  const counts: Record<string, number> = {};
  try {
    for (let after = 0; ; ) {
      const page = await store.readAll({ after, limit: 1000 });
      for (const { type } of page) counts[type] = (counts[type] ?? 0) + 1;
      const last = page.at(-1);
      if (!last) return counts;
      after = last.position;
    }
  } finally {
    await store.close();
  }
};

const bytesOfData = (): Buffer =>
  Buffer.concat(readdirSync(join(dir, 'data'), { recursive: true, encoding: 'utf8' }).map((name) => join(dir, 'data', name)).filter((path) => statSync(path).isFile()).map((path) => readFileSync(path)));

describe('proofmark issue', () => {
  it('gives everybody in a file the badge, with certificates that name them, and keeps no name', async () => {
    const csv = file('people.csv', [
      'E-mail;성명;수료일;사유;증빙',
      'min.a@people.example;김민아;2026-03-02;Presented a finding;https://files.example/1',
      'ann@people.example;"=HYPERLINK(""http://x"")";2026-03-02;;',
      'bob@people.example;<b>Bobolink</b> & Sons;;;',
      'MIN.A@people.example;Again;;;',
      'cid@people.example;Cidonian;2126-01-01;;',
      `dan@people.example;${'x'.repeat(10_000)};;;`,
      'eve@people.example;Eve\u202egnp.exe;;;',
    ]);
    const zip = join(dir, 'out.zip');
    writeFileSync(join(dir, 'out.errors.csv'), 'x'.repeat(100_000), { mode: 0o644 }); // of an earlier run
    const first = await issue(csv, 'workshop', '--yes', '--zip', zip, '--reason', 'Spring workshop', '--errors');
    expect(first).toMatchObject({ code: 4 });
    expect(first.stdout).toMatch(/3 {2}would be approved/);
    expect(first.stdout).toMatch(/line 5: the same person is in line 2\n.*line 6: the date 2126-01-01 is in the future\n.*line 7: the name is longer than 200 characters\n.*line 8: the name holds characters that turn/);

    const entries = zipEntries(readFileSync(zip));
    const codes = [...entries.keys()].flatMap((path) => /^certificates\/(.{16})\.pdf$/.exec(path)?.[1] ?? []);
    expect(codes).toHaveLength(3);
    expect(codes.every((code) => readCode(code) === code)).toBe(true);
    expect([...entries.keys()].sort()).toEqual(codes.flatMap((code) => [`certificates/${code}.pdf`, `certificates/${code}.png`, `credentials/${code}.json`]).concat('index.csv').sort());
    const texts = await Promise.all(codes.map((code) => pdfText(entries.get(`certificates/${code}.pdf`) ?? Buffer.alloc(0))));
    expect(texts[0]).toContain('김민아');
    expect(texts[1]).toContain('=HYPERLINK("http://x")');
    expect(texts[2]).toContain('<b>Bobolink</b> & Sons');
    for (const code of codes) expect(entries.get(`certificates/${code}.png`)?.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
    const index = entries.get('index.csv')?.toString() ?? '';
    expect(index.split('\r\n')[1]).toMatch(/^김민아,mail-[0-9a-f]{32},(\w{4}-){3}\w{4},http:\/\/localhost:3000\/v\/\w{16},certificates\/\w{16}\.pdf,/);
    expect(index).toContain(`"'=HYPERLINK(""http://x"")"`);
    const credential = JSON.parse(entries.get(`credentials/${codes[0] ?? ''}.json`)?.toString() ?? '') as { readonly evidence: readonly { readonly narrative?: string }[]; readonly awardedDate: string };
    expect(credential.awardedDate).toBe('2026-03-02T00:00:00Z');
    expect(credential.evidence[0]?.narrative).toBe('- 2026-03-02: Data Workshop, approved: Presented a finding (https://files.example/1)');
    expect(JSON.stringify(credential)).not.toContain('hr-kim');

    const errors = readFileSync(join(dir, 'out.errors.csv'), 'utf8');
    expect(errors.split('\r\n').slice(0, 3)).toEqual(['\ufeffline,problem,E-mail,성명,수료일,사유,증빙', '5,the same person is in line 2,MIN.A@people.example,Again,,,', '6,the date 2126-01-01 is in the future,cid@people.example,Cidonian,2126-01-01,,']);
    for (const path of [zip, join(dir, 'out.errors.csv')]) expect(statSync(path).mode & 0o077).toBe(0);

    const data = bytesOfData();
    for (const text of ['김민아', 'HYPERLINK', 'Bobolink', 'people.example', 'Cidonian']) expect([text, data.includes(text)]).toEqual([text, false]);
    expect(data.includes('Presented a finding')).toBe(true); // so that the look above can find something

    const before = await eventCounts();
    expect(before).toMatchObject({ ApprovalGiven: 3, BadgeAwarded: 3, CredentialIssued: 3 });
    const second = await issue(csv, 'workshop', '--yes', '--zip', zip);
    expect(second.stdout).toMatch(/0 {2}would be approved\n +3 {2}have the badge already/);
    expect(await eventCounts()).toEqual(before);
    expect([...zipEntries(readFileSync(zip)).keys()].sort()).toEqual([...entries.keys()].sort());
  }, SLOW_MACHINE_MS);

  it('completes what was killed, with one award for each', async () => {
    const people = Array.from({ length: 300 }, (_none, i) => `e${i},Name ${i}`);
    const csv = file('many.csv', ['id,name', ...people]);
    const few = file('few.csv', ['id,name', ...people.slice(0, 12)]);
    const zip = join(dir, 'out.zip');
    const killedAt = async (line: RegExp, path: string): Promise<void> => {
      const { child, ended } = start(...issueArguments(path, 'workshop', '--yes', '--zip', zip));
      if (!child.stderr) throw new Error('no progress');
      for await (const text of createInterface({ input: child.stderr })) {
        if (!line.test(text)) continue;
        child.kill('SIGKILL');
        break;
      }
      expect(await ended).toMatchObject({ signal: 'SIGKILL' });
      expect(existsSync(zip)).toBe(false);
    };
    await killedAt(/^approving/, csv);
    await killedAt(/^deciding/, csv);
    await killedAt(/^drawing/, few);
    writeFileSync(`${zip}.part`, 'begun'); // as a kill at a later moment leaves it
    expect(await issue(csv, 'workshop', '--yes')).toMatchObject({ code: 0, stdout: expect.stringMatching(/300 {2}have the badge$/m) as string });
    expect(await eventCounts()).toMatchObject({ ApprovalGiven: 300, BadgeAwarded: 300, CredentialIssued: 300 });
    // What a killed run began to write is there or not, by the moment it was killed; a whole run to that place clears it.
    expect(await issue(few, 'workshop', '--yes', '--zip', zip)).toMatchObject({ code: 0 });
    expect(zipEntries(readFileSync(zip)).size).toBe(12 * 3 + 1);
    expect(readdirSync(dir).filter((name) => name.endsWith('.part'))).toEqual([]);
  }, SLOW_MACHINE_MS);

  it('tells who was approved and lacks something else', async () => {
    const events = file('events.ndjson', [JSON.stringify({ id: 'm1', source: 'lms', type: 'MissionCompleted', learner: 'e1', course: 'C1', activity: 'm', tags: ['mentoring'], time: '2026-03-01' })]);
    expect(await proofmark('import', events, ...where())).toMatchObject({ code: 0 });
    const csv = file('people.csv', ['사번,이름,수료일', 'e1,Ann,2026-03-03', 'e2,Bob,2026-03-03']);
    const first = await issue(csv, 'mentor', '--yes');
    expect(first).toMatchObject({ code: 0 });
    expect(first.stdout).toMatch(/1 {2}have the badge$/m);
    expect(first.stdout).toMatch(/line 3, e2: approved, not yet awarded, missing: .*mission/);
    const before = await eventCounts();
    const second = await issue(csv, 'mentor', '--yes');
    expect(second.stdout).toMatch(/0 {2}would be approved\n +1 {2}have the badge already.*\n +1 {2}were approved before/);
    expect(await eventCounts()).toEqual(before);
  }, SLOW_MACHINE_MS);

  it('shows a preview without writing, and asks where somebody can be asked', async () => {
    const csv = file('people.csv', ['id,name', 'e1,Ann']);
    const preview = await issue(csv, 'workshop', '--preview');
    expect(preview).toMatchObject({ code: 0, stdout: expect.stringMatching(/1 {2}would be approved/) as string });
    expect(await issue(csv, 'workshop')).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') as string });
    expect((await eventCounts())['ApprovalGiven']).toBeUndefined();
  }, SLOW_MACHINE_MS);

  it('reads standard input', async () => {
    const args = issueArguments('-', 'workshop', '--yes', '--map', 'learner=No', '--map', 'name=');
    const child = spawn(process.execPath, [join(import.meta.dirname, '../apps/cli/main.js'), ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
    child.stdin.end('No\tName\ne7\tSid\n');
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(stdout).toMatch(/tabs.*\n +learner +No\n +- +Name\n/);
    expect(stdout).toMatch(/1 {2}have no name/);
    expect(await eventCounts()).toMatchObject({ CredentialIssued: 1 });
  }, SLOW_MACHINE_MS);

  it('refuses what makes no sense, with what to do', async () => {
    const csv = file('people.csv', ['id,name', 'e1,Ann']);
    const nobody = file('nobody.csv', ['nick,name', 'e1,Ann']);
    expect(await issue(csv, 'plain', '--yes')).toMatchObject({ code: 2, stderr: expect.stringMatching(/nobody can give it by hand[^]*approval: \{ by: 1 \}/) as string });
    expect(await issue(csv, 'nope', '--yes')).toMatchObject({ code: 5, stderr: expect.stringContaining('People can give: mentor, workshop') as string });
    expect(await issue(nobody, 'workshop', '--yes')).toMatchObject({ code: 2, stderr: expect.stringContaining('No column says who') as string });
    expect(await issue(csv, 'workshop', '--yes', '--map', 'nome=name')).toMatchObject({ code: 2 });
    expect(await issue(csv, 'workshop', '--yes', '--date', '2126-01-01')).toMatchObject({ code: 2 });
    expect(await issue(join(dir, 'none.csv'), 'workshop', '--yes')).toMatchObject({ code: 5 });
  }, SLOW_MACHINE_MS);
});
