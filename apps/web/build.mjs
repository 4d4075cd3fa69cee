import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { build } from 'vite';

/*
 * Builds the pages to dist/web, unless what is there was built from the same files; and compresses what is text, so that no request waits for it.
 */

const here = import.meta.dirname;
const [out, lock] = [join(here, '../../dist/web'), join(here, '../../package-lock.json')];
const STAMP = '.built-from';

const filesBelow = (dir) => readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
const state = [lock, ...filesBelow(here)].map((path) => `${path} ${statSync(path).mtimeMs} ${statSync(path).size}`).sort().join('\n');

const builtFrom = () => {
  try {
    return readFileSync(join(out, STAMP), 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
};

if (builtFrom() !== state) {
  await build({ root: here, logLevel: 'warn' });
  for (const path of filesBelow(out)) {
    if (!/\.(html|js|css|svg|json)$/.test(path)) continue;
    const content = readFileSync(path);
    writeFileSync(`${path}.br`, brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } }));
  }
  writeFileSync(join(out, STAMP), state);
}
