import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { proofmark } from './cli.js';

const root = mkdtempSync(join(tmpdir(), 'proofmark-directory-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const typo = join(root, 'tpyo');
const empty = join(root, 'empty');
const file = join(root, 'file.yaml');
const rule = join(import.meta.dirname, '../../rules/team-player.yaml');
mkdirSync(empty);
writeFileSync(file, '');

const COMMANDS = [
  ['awards'], ['explain', '--learner', 'l', '--badge', 'b'], ['rebuild', 'roster'], ['dead-letters', 'list'], ['dead-letters', 'replay'],
  ['rules', 'backtest', rule], ['rules', 'publish', rule], ['rules', 'retire', 'b', '--reason', 'r'], ['rules', 'lint', rule],
  ['audit', 'verify'], ['audit', 'checkpoint'], ['audit', 'prove', 'award'],
];

describe('a command that needs data', () => {
  it.each([...COMMANDS.map((command) => [command, typo, 'There is no directory'] as const), [['awards'], empty, 'There is no data in'] as const, [['rebuild', 'roster'], file, 'is no directory'] as const])(
    'makes none, and says what to do: %j --data %s',
    async (command, data, why) => {
      const { code, stdout, stderr } = await proofmark(...command, '--data', data);
      expect({ code, stdout }).toEqual({ code: 5, stdout: '' });
      expect(stderr).toMatch(/^proofmark: .* Name the data directory with --data; .*\n$/);
      expect(stderr).toContain(why);
      expect([existsSync(typo), existsSync(join(empty, 'events.db'))]).toEqual([false, false]);
    },
  );
});

describe('proofmark import', () => {
  const events = join(root, 'events.ndjson');
  const rules = join(root, 'rules');
  beforeAll(() => {
    mkdirSync(rules);
    writeFileSync(events, '{"id":"e1","source":"lms","type":"Enrolled","learner":"l","course":"C1","time":"2026-03-01"}\n');
  });

  it.each([['a file', file, 'is no directory'], ['below a file', join(file, 'data'), 'lies below something that is no directory']])('says what is wrong with a data directory that is %s', async (_what, data, why) => {
    const { code, stdout, stderr } = await proofmark('import', events, '--data', data, '--rules', rules);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^proofmark: The data directory .* Name another one, or put that right\.\n$/);
    expect(stderr).toContain(why);
  });

  it('looks whether it was given files before it makes anything', async () => {
    const { code, stderr } = await proofmark('import', events, rules, '--data', typo, '--rules', rules);
    expect([code, stderr]).toEqual([2, `proofmark: ${rules} is a directory; name the files in it. Nothing was imported.\n`]);
    expect(existsSync(typo)).toBe(false);
  });
});
