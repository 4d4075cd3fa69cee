import { adminEnvironment, AS_ADMIN } from '#engine/http/admin-under-test.js';
import { gzipSync } from 'node:zlib';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { proofmark, startIn } from './cli.js';
import { almostEvent, anyText } from './malformed.js';

/** How many malformed bodies and lines are thrown, each. */
const EACH = Number(process.env['BAD_INPUT'] ?? 5000);
const SEED = Number(process.env['BAD_INPUT_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const AT_ONCE = 16;
const ENGINE = join(import.meta.dirname, '../apps/engine/main.js');

interface Account {
  readonly sent: number;
  readonly recorded: number;
  readonly duplicates: number;
  readonly deadLettered: number;
}

const sum = ({ recorded, duplicates, deadLettered }: Account): number => recorded + duplicates + deadLettered;

describe(`bad input (BAD_INPUT_SEED=${SEED})`, () => {
  let dir = '';
  let engine: ChildProcess | undefined;
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'proofmark-bad-'));
  });
  afterAll(() => {
    engine?.kill('SIGKILL');
    rmSync(dir, { recursive: true, force: true });
  });

  it(`never gets a 5xx from the engine, nor stops it: ${EACH} bodies`, async () => {
    const child = spawn(process.execPath, [ENGINE, '--port', '0', '--data', join(dir, 'http')], { env: { ...process.env, ...adminEnvironment(dir) }, stdio: ['ignore', 'pipe', 'pipe'] });
    engine = child;
    let output = '';
    child.stderr.on('data', (text: Buffer) => (output += text.toString()));
    const url = await new Promise<string>((resolve, reject) => {
      child.stdout.on('data', (text: Buffer) => {
        output += text.toString();
        const match = /is at (http:\S+)/.exec(output);
        if (match?.[1]) resolve(match[1]);
      });
      child.once('close', () => reject(new Error(output)));
    });

    const body = fc.oneof(anyText, fc.array(almostEvent, { maxLength: 5 }).map((events) => `[${events.join(',')}]`));
    const bodies = fc.sample(body, { numRuns: EACH, seed: SEED });
    const total = { sent: 0, recorded: 0, duplicates: 0, deadLettered: 0 };
    const statuses = new Map<number, number>();
    const post = async (text: string): Promise<void> => {
      const answer = await fetch(`${url}/v1/events`, { method: 'POST', headers: { ...AS_ADMIN, 'content-type': 'application/json' }, body: text });
      const said = (await answer.json()) as Partial<Account> & { readonly letter?: string };
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      if (answer.status >= 500) throw new Error(`status ${answer.status} for ${JSON.stringify(text)}`);
      if (answer.status === 200) {
        const account = said as Account;
        expect(sum(account)).toBe(account.sent);
        for (const key of ['sent', 'recorded', 'duplicates', 'deadLettered'] as const) total[key] += account[key];
      } else if (said.letter !== undefined) {
        total.sent += 1; // the whole body became one dead letter
        total.deadLettered += 1;
      }
    };
    for (let i = 0; i < bodies.length; i += AT_ONCE) await Promise.all(bodies.slice(i, i + AT_ONCE).map(post));

    expect(statuses.get(200)).toBeGreaterThan(0);
    expect(statuses.get(400)).toBeGreaterThan(0);
    expect(child.exitCode).toBeNull();
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    const metrics = await (await fetch(`${url}/metrics`, { headers: AS_ADMIN })).text();
    const counted = (outcome: string): number =>
      Number(new RegExp(`^proofmark_\\w*events\\w*\\{[^}]*outcome="${outcome}"[^}]*\\} (\\d+)`, 'm').exec(metrics)?.[1] ?? 0);
    expect({ recorded: counted('recorded'), duplicates: counted('duplicate'), deadLettered: counted('dead-lettered') }).toEqual({
      recorded: total.recorded, duplicates: total.duplicates, deadLettered: total.deadLettered,
    });
    expect(sum(total)).toBe(total.sent);
  }, 300_000);

  it(`is kept by an import as dead letters, each counted: ${EACH} lines`, async () => {
    const lines = fc
      .sample(anyText, { numRuns: EACH, seed: SEED })
      .map((text) => text.replaceAll(/[\r\n]/g, ' '))
      .filter((text) => text.trim() !== '');
    const file = join(dir, 'lines.ndjson');
    writeFileSync(file, lines.join('\n'));
    const run = await proofmark('import', file, '--data', join(dir, 'import'));
    const count = (what: string): number => Number(new RegExp(`^${what} +([\\d,]+)`, 'm').exec(run.stdout)?.[1]?.replaceAll(',', ''));
    expect({ code: run.code, stderr: run.stderr }).toMatchObject({ code: 4 });
    expect(count('sent')).toBe(lines.length);
    expect(count('recorded') + count('duplicates') + count('dead letters')).toBe(lines.length);
    expect(count('recorded')).toBeGreaterThan(0);
    expect(count('dead letters')).toBeGreaterThan(0);
  }, 300_000);
});

it('of a file that ends too early, everything recorded is counted', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'proofmark-'));
  try {
    const lines = Array.from({ length: 20_000 }, (_, i) =>
      JSON.stringify({ id: `e${i}`, source: 'lms', type: 'Enrolled', learner: `l${i % 50}`, course: 'c', time: '2026-03-01' }));
    const packed = gzipSync(lines.join('\n'));
    const file = join(dir, 'cut.ndjson.gz');
    writeFileSync(file, packed.subarray(0, packed.length * 0.8));
    mkdirSync(join(dir, 'rules'));
    const args = ['import', file, '--data', join(dir, 'data'), '--rules', join(dir, 'rules')];
    const [first, again] = [await proofmark(...args), await proofmark(...args)];
    const counted = (text: string, name: string): string | undefined => new RegExp(`^${name} +(\\S+)`, 'm').exec(text)?.[1];
    expect([first.code, again.code]).toEqual([2, 2]);
    expect(counted(first.stdout, 'recorded')).toMatch(/^1\d,\d{3}$/);
    expect(counted(again.stdout, 'duplicates')).toBe(counted(first.stdout, 'recorded'));
    expect(counted(again.stdout, 'recorded')).toBe('0');
  } finally {
    rmSync(dir, { recursive: true });
  }
});

describe('a file in another format than was said', () => {
  const rows = Array.from({ length: 200 }, (_, i) => JSON.stringify({ id: `en:C:s${i}`, type: 'enrolment', learner: `s${i}`, course: 'C', day: 0, time: '2013-10-01' }));
  const event = JSON.stringify({ id: 'e', source: 'lms', type: 'Enrolled', learner: 'l', course: 'c', time: '2026-03-01' });
  const count = (text: string, name: string): string | undefined => new RegExp(`^${name} +(\\S+)`, 'm').exec(text)?.[1];
  const imported = async (dir: string, lines: readonly string[], ...format: readonly string[]): ReturnType<typeof proofmark> => {
    const file = join(dir, 'rows.ndjson');
    writeFileSync(file, lines.join('\n'));
    mkdirSync(join(dir, 'rules'), { recursive: true });
    return proofmark('import', file, '--data', join(dir, 'data'), '--rules', join(dir, 'rules'), ...format);
  };
  let dir = '';
  beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'proofmark-'))));
  afterEach(() => rmSync(dir, { recursive: true }));

  it('is not imported, and what to say instead is said', async () => {
    const run = await imported(dir, rows);
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('Use --format oulad. Nothing was imported.');
    const again = await imported(dir, rows, '--format', 'oulad');
    expect([again.code, count(again.stdout, 'recorded')]).toEqual([0, '200']);
  });

  it('is told before the files beside it are imported, and of a pipe at once', async () => {
    const [right, data, rules] = [join(dir, 'right.ndjson'), join(dir, 'data'), join(dir, 'rules')];
    writeFileSync(right, event);
    writeFileSync(join(dir, 'rows.ndjson.gz'), gzipSync(rows.join('\n')));
    mkdirSync(rules);
    const both = await proofmark('import', right, join(dir, 'rows.ndjson.gz'), '--data', data, '--rules', rules);
    expect([both.code, both.stdout]).toEqual([2, '']);
    expect(both.stderr).toContain('Import it by itself, with --format oulad. Nothing was imported.');
    writeFileSync(join(dir, 'rows.ndjson'), rows.join('\n'));
    const piped = await startIn({ stdin: join(dir, 'rows.ndjson') }, 'import', '-', '--data', data, '--rules', rules).ended;
    expect([piped.code, count(piped.stdout, 'sent'), count(piped.stdout, 'dead letters')]).toEqual([2, '0', '0']);
    expect(piped.stderr).toContain('Send all of it again, with --format oulad.');
  });

  it('is imported where some of it can be read: the rest are dead letters', async () => {
    const run = await imported(dir, [...rows, event]);
    expect([run.code, count(run.stdout, 'recorded'), count(run.stdout, 'dead letters')]).toEqual([4, '1', '200']);
  });

  it('is kept as dead letters where it is in no format', async () => {
    const run = await imported(dir, rows.map((_, i) => `row ${i}`));
    expect([run.code, count(run.stdout, 'dead letters')]).toEqual([4, '200']);
  });
});
