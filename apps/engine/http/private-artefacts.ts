import { randomBytes, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Engine } from '../engine.js';
import { InjectEngine } from './engine-token.js';
import { refuse } from './problem.js';

/** Files that name somebody are there for so long (at most five minutes). */
const LIFE_MS = 5 * 60_000;
const MOST_BYTES = 200_000_000;

/** Files of one request by their names, with their media types. */
export type ArtefactFiles = Readonly<Record<string, { readonly bytes: Uint8Array; readonly mediaType: string }>>;

interface Kept {
  readonly tenant: string;
  readonly until: number;
  readonly files: ArtefactFiles;
  readonly size: number;
}

/** Keeps files that name somebody, in memory alone, behind addresses that are signed and expire. */
@Injectable()
export class PrivateArtefacts {
  readonly #kept = new Map<string, Kept>();
  #bytes = 0;

  constructor(@InjectEngine() private readonly engine: Engine) {}

  /** The addresses of files, by their names, and until when they are good. @throws a problem: busy */
  async keep<Name extends string>(files: Readonly<Record<Name, ArtefactFiles[string]>>, now = Date.now()): Promise<{ readonly until: number; readonly addresses: Readonly<Record<Name, string>> }> {
    this.#forget(now);
    const size = Object.values<ArtefactFiles[string]>(files).reduce((sum, { bytes }) => sum + bytes.length, 0);
    if (this.#bytes + size > MOST_BYTES) throw refuse('busy', 'Too many private files wait to be fetched. Ask again in a minute.');
    const id = randomBytes(16).toString('hex');
    const until = now + LIFE_MS;
    const { tenant, publicUrl } = this.engine.config;
    this.#kept.set(id, { tenant, until, files, size });
    this.#bytes += size;
    const address = async (name: string): Promise<string> => `${publicUrl}/artefacts/${id}/${name}?until=${until}&signature=${(await this.#signature(id, name, until)).toString('base64url')}`;
    const addresses = await Promise.all(Object.keys(files).map(async (name) => [name, await address(name)] as const));
    return { until, addresses: Object.fromEntries(addresses) as Record<Name, string> };
  }

  /** A file at a signed address. An address that was altered, has expired or was never made answers alike. @throws a problem: link not good */
  async get(id: string, name: string, until: string, signature: string, now = Date.now()): Promise<ArtefactFiles[string]> {
    this.#forget(now);
    const given = Buffer.from(signature, 'base64url');
    const right = await this.#signature(id, name, Number(until));
    const kept = this.#kept.get(id);
    const file = kept && Object.hasOwn(kept.files, name) ? kept.files[name] : undefined;
    if (given.length !== right.length || !timingSafeEqual(given, right) || !file || kept?.tenant !== this.engine.config.tenant) {
      throw refuse('link-not-good', 'This link was altered or is older than five minutes. Ask for a new one.');
    }
    return file;
  }

  async #signature(id: string, name: string, until: number): Promise<Buffer> {
    return Buffer.from(await this.engine.keys.mac('link', JSON.stringify([this.engine.config.tenant, id, name, until])));
  }

  #forget(now: number): void {
    for (const [id, { until, size }] of this.#kept) {
      if (until > now) return; // in the order in which they expire
      this.#kept.delete(id);
      this.#bytes -= size;
    }
  }
}
