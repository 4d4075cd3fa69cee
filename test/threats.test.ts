import { existsSync, readFileSync } from 'node:fs';

const text = readFileSync('docs/threats.md', 'utf8');

describe('the page of threats', () => {
  it('names tests that there are, for each threat at least one', () => {
    const rows = text.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| threat'));
    expect(rows.length).toBeGreaterThan(25);
    for (const row of rows) {
      const named = [...row.matchAll(/`((?:apps|libs|test)\/[\w./-]+\.test\.ts)`/g)].map(([, path = '']) => path);
      expect([row.slice(0, 60), named.length > 0]).toEqual([row.slice(0, 60), true]);
      for (const path of named) expect([path, existsSync(path)]).toEqual([path, true]);
    }
  });
});
