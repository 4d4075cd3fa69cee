import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { readRuleFiles } from './rule-files.js';

const root = mkdtempSync(join(tmpdir(), 'proofmark-'));
afterAll(() => rmSync(root, { recursive: true }));
const [first, second] = [join(root, 'first'), join(root, 'second')];
mkdirSync(join(first, 'deeper.yaml'), { recursive: true });
mkdirSync(second);
for (const name of ['b.yaml', 'a.yml', 'c.YAML', 'notes.txt', 'yaml', 'a.cases.yml', 'b.cases.yaml', 'c.Cases.YAML']) writeFileSync(join(first, name), `# ${name}`);
writeFileSync(join(second, 'z.yaml'), '# z');

it('reads the rule files of each directory by name, and nothing else', async () => {
  const { files } = await readRuleFiles([first, second]);
  expect(files.map(({ file, text }) => [basename(file), text])).toEqual([['a.yml', '# a.yml'], ['b.yaml', '# b.yaml'], ['c.YAML', '# c.YAML'], ['z.yaml', '# z']]);
});

it('reports what it cannot read, and reads the rest', async () => {
  const links = join(root, 'links');
  mkdirSync(links);
  symlinkSync(join(root, 'none'), join(links, 'gone.yaml'));
  symlinkSync(second, join(links, 'place.yaml'));
  symlinkSync(join(second, 'z.yaml'), join(links, 'rule.yaml'));
  writeFileSync(join(links, 'huge.yaml'), 'x'.repeat(1_000_001));
  const { files, unreadable } = await readRuleFiles([links]);
  expect(files.map(({ file }) => basename(file))).toEqual(['rule.yaml']);
  expect(unreadable.map(({ file }) => basename(file))).toEqual(['gone.yaml', 'huge.yaml', 'place.yaml']);
  expect(unreadable[1]?.message).toBe('the file cannot be read: it is longer than 1000000 bytes');
});

it('refuses a directory that is not there', async () => {
  await expect(readRuleFiles([first, join(root, 'none')])).rejects.toMatchObject({ code: 'USAGE', message: expect.stringContaining('--rules') as string });
});
