import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';

/*
 * What the linter does not see: exports that nobody uses, and TypeScript that the build does not reach. Who may
 * import whom is in eslint.config.js.
 */

const FOLDERS = ['apps', 'libs', 'bench', 'test'];
const sources = FOLDERS.flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !name.endsWith('schema.d.ts')) // which is generated
    .map((name) => relative('.', join(folder, name))),
).map((path) => ({ path, text: readFileSync(path, 'utf8') }));

const words = (text: string): ReadonlySet<string> => new Set(text.match(/[A-Za-z_$][\w$]*/g));
const wordsOf = new Map(sources.map(({ path, text }) => [path, words(text)]));

describe('the source tree', () => {
  it('is found', () => {
    expect(sources.length).toBeGreaterThan(100);
  });

  it('exports nothing that no other file uses', () => {
    const unused: string[] = [];
    for (const { path, text } of sources) {
      for (const [, name = ''] of text.matchAll(/^export (?:abstract )?(?:const|class|interface|type|function\*?|async function\*?) ([\w$]+)/gm)) {
        const elsewhere = sources.some((other) => other.path !== path && wordsOf.get(other.path)?.has(name));
        // An interface may be part of another export's signature without being named elsewhere.
        const here = text.split(new RegExp(`\\b${name}\\b`)).length - 1;
        if (!elsewhere && here < 2) unused.push(`${path}: ${name}`);
      }
    }
    expect(unused).toEqual([]);
  });

  it('names each driver package in one file', () => {
    // Benchmarks name a driver to measure what it does by itself.
    const drivers: Readonly<Record<string, string>> = {
      '@photostructure/sqlite': 'libs/event-store/sqlite.ts',
      '@eventstore/db-client': 'libs/event-store/eventstoredb-client.ts',
      kafkajs: 'libs/kafka/client.ts',
      mongodb: 'libs/projections/mongodb.ts',
    };
    for (const [driver, file] of Object.entries(drivers)) {
      const named = new RegExp(`from '${driver}['/]`);
      const naming = sources.filter(({ path, text }) => named.test(text) && !path.startsWith('test') && !path.startsWith('bench/engines'));
      expect(naming.map(({ path }) => path)).toEqual([file]);
    }
  });
});

/** The packages that are loaded with a program, before it does anything. */
const loadedWith = (program: string): ReadonlySet<string> => {
  const { imports } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly imports: Readonly<Record<string, string>> };
  const files = new Set([program]);
  const packages = new Set<string>();
  for (const path of files) {
    const text = sources.find((one) => one.path === path)?.text ?? '';
    for (const [, types, name = ''] of text.matchAll(/^(?:import|export) (type )?(?:[^;]*? from )?'([^']+)';/gm)) {
      if (types !== undefined || name.startsWith('node:')) continue;
      const [short] = name.split('/');
      const own = name.startsWith('.') ? normalize(join(dirname(path), name)) : imports[`${short ?? ''}/*.js`]?.replace('./dist/', '').replace('*.js', name.slice((short?.length ?? 0) + 1));
      if (own !== undefined) files.add(own.replace(/\.js$/, '.ts'));
      else packages.add(name.startsWith('@') ? name.split('/').slice(0, 2).join('/') : (short ?? ''));
    }
  }
  return packages;
};

describe('a program that starts', () => {
  it('is only the command line where help is asked for', () => expect([...loadedWith('apps/cli/main.ts')]).toEqual(['commander']));

  it('needs no more than a reader of YAML to lint rules', () => expect([...loadedWith('apps/cli/rules-lint.ts')]).toEqual(['yaml']));

  it.each(['apps/engine/main.ts', 'apps/engine/follow-thread.ts', 'apps/cli/awards.ts'])('loads what signs, checks schemas and draws letters when it is first used: %s', (program) => {
    const loaded = loadedWith(program);
    expect(loaded).toContain('@photostructure/sqlite');
    expect(['jsonld', 'rdf-canonize', 'ajv', 'ajv-formats', 'fontkit', 'pdfkit'].filter((name) => loaded.has(name))).toEqual([]);
  });
});
