import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/* What the product is made of besides its own code: the lock file, and the bill of materials that `npm run sbom` writes from it. */

const root = join(import.meta.dirname, '..', '..');

interface Locked {
  readonly name?: string;
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly license?: string;
  readonly dev?: true;
  readonly devOptional?: true;
  /** It comes within another one, whose checksum is over it as well. */
  readonly inBundle?: true;
  readonly hasInstallScript?: true;
}
interface Component {
  /** "pkg:npm/NAME@VERSION": of a package that is installed under another name, its own. */
  readonly purl: string;
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
}

const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { readonly packages: Readonly<Record<string, Locked>> };
/** Every package by "name@version"; one that is installed at several places stands here several times. */
const locked = Object.entries(packages)
  .filter(([path, { inBundle }]) => path !== '' && !inBundle)
  .map(([path, about]) => ({ ...about, id: `${about.name ?? path.replace(/^.*node_modules\//, '')}@${about.version ?? ''}` }));
const ofTheProduct = locked.filter(({ dev, devOptional }) => !dev && !devOptional);

/** Licences under which the product may be given on; MPL-2.0 asks for nothing where files are used as they are. */
const LICENCES = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'ISC', 'MIT', 'MPL-2.0', 'OFL-1.1', 'Python-2.0'];
/** Packages that state no licence in their description; their files name MIT, and the licences of W3C and BSD-3-Clause. */
const STATED_ELSEWHERE = ['@digitalbazaar/credentials-context', 'png-js'];

describe('the lock file', () => {
  it('has a checksum of every package, and no address', () => {
    expect(locked.length).toBeGreaterThan(500);
    expect(locked.filter(({ integrity = '' }) => !integrity.startsWith('sha512-')).map(({ id }) => id)).toEqual([]);
    expect(locked.filter(({ resolved }) => resolved !== undefined).map(({ id }) => id)).toEqual([]);
  });

  it('has packages of the product under known licences alone', () => {
    const unknown = ofTheProduct.filter(({ license = '' }) => !license.split(/ AND | OR |[()]/).filter((part) => part !== '').every((part) => LICENCES.includes(part)) || license === '');
    expect(unknown.map(({ id }) => id.replace(/@[^@]+$/, '')).sort()).toEqual(STATED_ELSEWHERE);
  });
});

describe('npm run sbom', () => {
  const written = JSON.parse(execFileSync('npm', ['run', '--silent', 'sbom'], { cwd: root, encoding: 'utf8', maxBuffer: 50_000_000 })) as { readonly bomFormat: string; readonly components: readonly Component[] };
  const components = new Map(written.components.map((component) => [decodeURIComponent(component.purl.replace('pkg:npm/', '')), component]));

  it('names every package, with its checksum', () => {
    expect(written.bomFormat).toBe('CycloneDX');
    const differing = locked.filter(({ id, integrity = '' }) => {
      const hash = components.get(id)?.hashes?.find(({ alg }) => alg === 'SHA-512')?.content ?? '';
      return Buffer.from(hash, 'hex').toString('base64') !== integrity.slice('sha512-'.length);
    });
    expect(differing.map(({ id }) => id)).toEqual([]);
  });
});
