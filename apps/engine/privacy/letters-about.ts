import type { DeliveryRejected } from '#domain/dead-letter.js';
import { ProofmarkError } from '#domain/errors.js';
import { readEmail } from '#domain/recipient.js';
import { openLetter, readLetter } from '#intake/letter-content.js';
import type { EventStore } from '#event-store/event-store.js';
import type { Vault } from '#vault/vault.js';

/** Whom letters are about. */
export interface Person {
  readonly tenant: string;
  readonly learner: string;
  /** Names and addresses by which they may be spoken of. */
  readonly texts: readonly string[];
}

/** A dead letter that is about somebody. */
export interface LetterAbout {
  readonly rejected: DeliveryRejected;
  /** What was sent. */
  readonly raw: string | Uint8Array;
}

const PAGE = 500;
const [SHORTEST_TEXT, SHORTEST_ID] = [2, 4];

const flat = (text: string): string => text.normalize('NFKC').toLowerCase();
const unescaped = (text: string): string => text.replaceAll(/\\u([0-9a-f]{4})/gi, (_all, code: string) => String.fromCharCode(parseInt(code, 16)));

const textsOf = (raw: string | Uint8Array): readonly string[] =>
  typeof raw === 'string' ? [raw, unescaped(raw)] : [Buffer.from(raw).toString('latin1'), Buffer.from(raw).toString('utf16le'), Buffer.from(raw).toString('utf8')];

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // what is no JSON is looked through as text
  }
};

function* strings(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null) for (const [key, member] of Object.entries(value)) {
    yield key;
    yield* strings(member);
  }
}

const escapedForPattern = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** Whether a delivery names somebody: the id as a value (or as a word, where it is no JSON), a name or an address anywhere. */
const about = async ({ learner, texts }: Person, learnerOf: (email: string) => Promise<string>) => {
  const needles = texts.map(flat).filter((text) => text.length >= SHORTEST_TEXT);
  const word = learner.length >= SHORTEST_ID ? new RegExp(`(?<![\\p{L}\\p{N}_-])${escapedForPattern(learner)}(?![\\p{L}\\p{N}_-])`, 'u') : undefined;
  const isTheirs = async (value: string): Promise<boolean> => {
    if (value === learner || needles.some((needle) => flat(value).includes(needle))) return true;
    const email = readEmail(value);
    return email !== undefined && (await learnerOf(email)) === learner;
  };
  return async (raw: string | Uint8Array): Promise<boolean> => {
    const bodies = textsOf(raw);
    if (needles.some((needle) => bodies.some((body) => flat(body).includes(needle)))) return true;
    const value = typeof raw === 'string' ? parsed(raw) : undefined;
    if (value === undefined) return word !== undefined && bodies.some((body) => word.test(body));
    for (const one of strings(value)) {
      if (await isTheirs(one)) return true;
      // A CloudEvent may hold its data in base64.
      const inner = one.length > 16 && /^[A-Za-z0-9+/]+={0,2}$/.test(one) ? parsed(Buffer.from(one, 'base64').toString('utf8')) : undefined;
      for (const deeper of strings(inner)) if (await isTheirs(deeper)) return true;
    }
    return false;
  };
};

/** All dead letters, of every tenant. */
async function* lettersOf(store: EventStore): AsyncGenerator<string> {
  const seen = new Set<string>();
  for (let after = 0; ; ) {
    const page = await store.readAll({ after, limit: PAGE, categories: ['deadletter'] });
    for (const { stream, type } of page) {
      const letter = stream.slice('deadletter-'.length);
      if (type === 'DeliveryRejected' && !seen.has(letter)) {
        seen.add(letter);
        yield letter;
      }
    }
    const last = page.at(-1);
    if (!last) return;
    after = last.position;
  }
}

/** What the dead letters say of somebody. */
export interface LettersFound {
  readonly about: readonly LetterAbout[];
  /** Letters that were given up and whose key may be there still. */
  readonly shredded: readonly string[];
}

/** Looks through all dead letters for somebody: it reads and opens each. */
export const lettersAbout = async (
  { store, vault }: { readonly store: EventStore; readonly vault: Pick<Vault, 'open'> }, person: Person, learnerOf: (email: string) => Promise<string>,
): Promise<LettersFound> => {
  const names = await about(person, learnerOf);
  const found: LetterAbout[] = [];
  const shredded: string[] = [];
  for await (const letter of lettersOf(store)) {
    const stored = await readLetter(store, person.tenant, letter).catch((error: unknown) => {
      if (error instanceof ProofmarkError && error.code === 'NOT_FOUND') return undefined; // another tenant's
      throw error;
    });
    if (!stored) continue;
    if (stored.shredded) shredded.push(letter);
    const raw = await openLetter(vault, stored);
    if (raw !== undefined && (await names(raw))) found.push({ rejected: stored.rejected, raw });
  }
  return { about: found, shredded };
};
