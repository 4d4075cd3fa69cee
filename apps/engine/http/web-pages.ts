import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';
import { Controller, Get, Headers, Injectable, Param, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { rootOf } from './access/own-path.js';
import { ForEverybody } from './access/permission.js';
import type { Engine } from '../engine.js';
import { InjectEngine } from './engine-token.js';
import { refuse } from './problem.js';

/** Where the pages are after a build. */
const BUILT = join(import.meta.dirname, '../../../web');
const [DAY, YEAR] = [86_400, 31_536_000];
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml', '.woff2': 'font/woff2', '.json': 'application/json',
};

interface File {
  readonly mediaType: string;
  readonly bytes: Buffer;
  readonly brotli?: Buffer;
}

const filesIn = (dir: string): ReadonlyMap<string, File> => {
  const contents = new Map<string, Buffer>();
  for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) contents.set(relative(dir, path).split(sep).join('/'), readFileSync(path));
  }
  const files = new Map<string, File>();
  for (const [path, bytes] of contents) {
    const mediaType = MEDIA_TYPES[extname(path)];
    const brotli = contents.get(`${path}.br`);
    if (mediaType !== undefined) files.set(path, { mediaType, bytes, ...(brotli && { brotli }) });
  }
  return files;
};

let built: ReadonlyMap<string, File> | undefined;
/** What was built, read once for all tenants: requests touch no file, so none can lead out of the directory. */
const builtFiles = (): ReadonlyMap<string, File> => {
  try {
    return (built ??= filesIn(BUILT));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw refuse('unavailable', 'The pages were not built. Run "npm run build".');
    throw error;
  }
};

/** The pages for people, as they were built. */
@Injectable()
export class WebPages {
  readonly #base: string;
  readonly #demo: boolean;

  constructor(@InjectEngine() engine: Engine) {
    this.#base = `${rootOf(engine.config.publicUrl)}/app/`;
    this.#demo = engine.config.demo ?? false;
  }

  /** A file of the pages; for a path that is none the document, which knows what to show there. @throws a problem: unavailable, not found */
  send(path: string, accepts: string | undefined, reply: FastifyReply): Buffer {
    const files = builtFiles();
    const file = files.get(path);
    if (!file && path.startsWith('assets/')) throw refuse('not-found', 'There is no such file. Load the page again.');
    if (!file || path === 'index.html') return this.#document(files, reply);
    const packed = file.brotli !== undefined && /\bbr\b/.test(accepts ?? '') ? file.brotli : undefined;
    // Names of assets follow from what is in them. The fonts' style changes with the fonts alone.
    const cacheControl = path.startsWith('assets/') ? `public, max-age=${YEAR}, immutable` : path === 'fonts.css' ? `public, max-age=${DAY}` : 'no-cache';
    reply.headers({ 'content-type': file.mediaType, 'cache-control': cacheControl, vary: 'accept-encoding', ...(packed && { 'content-encoding': 'br' }) });
    return packed ?? file.bytes;
  }

  #document(files: ReadonlyMap<string, File>, reply: FastifyReply): Buffer {
    const page = files.get('index.html');
    if (!page) throw refuse('unavailable', 'The pages were not built. Run "npm run build".');
    reply.headers({ 'content-type': page.mediaType, 'cache-control': 'no-cache' });
    const text = page.bytes.toString().replace('<base href="/app/"', `<base href="${this.#base}"`);
    return Buffer.from(this.#demo ? text.replace('<body>', '<body data-demo>') : text);
  }
}

/** The pages for people: what is behind their addresses is for the API to say. */
@ApiTags('pages')
@ForEverybody({ uncounted: true })
@Controller('app')
export class WebPagesController {
  constructor(private readonly pages: WebPages) {}

  /** The first page. */
  @Get()
  @ApiOperation({ summary: 'The pages for people' })
  @ApiProduces('text/html')
  @ApiOkResponse({ description: 'The first page.' })
  first(@Headers('accept-encoding') accepts: string | undefined, @Res({ passthrough: true }) reply: FastifyReply): Buffer {
    return this.pages.send('', accepts, reply);
  }

  /** Every other page, and what pages are made of. */
  @Get('*')
  @ApiOperation({ summary: 'A page for people, or a file of it' })
  @ApiProduces('text/html')
  @ApiOkResponse({ description: 'The page.' })
  page(@Param('*') path: string, @Headers('accept-encoding') accepts: string | undefined, @Res({ passthrough: true }) reply: FastifyReply): Buffer {
    return this.pages.send(path, accepts, reply);
  }
}
