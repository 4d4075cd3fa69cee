import type { RecordedEvent } from './event-store.js';

interface KnownStream {
  /** Revision of the last event; -1 for none. */
  last: number;
  /** The first revision at which an id stands. */
  readonly places: Map<string, number>;
  readonly ids: Map<number, string>;
}

/** Where an append to any revision belongs, or where its events stand already. */
export type Place =
  | { readonly kind: 'free'; readonly last: number }
  | { readonly kind: 'standing'; readonly last: number; readonly revision: number }
  | { readonly kind: 'taken'; readonly last: number };

const KNOWN_IDS = 100_000;

/**
 * What is known of streams that are appended to at any revision.
 *
 * The server finds repeats of such appends by a cache of recent ids, which a restart empties. So they are looked for
 * here, and appended at the exact revision behind what was looked at, which the server does check. A stream is read
 * once; what it holds is remembered while all such streams together have at most so many events, else it is read each time.
 */
export class Places {
  private readonly streams = new Map<string, KnownStream>();
  private total = 0;

  constructor(private readonly readFrom: (stream: string, revision: number) => Promise<readonly RecordedEvent[]>) {}

  /** The place in a stream; `least` is a revision that it is known to have. */
  async find(stream: string, ids: readonly string[], least?: number): Promise<Place> {
    const known = this.streams.get(stream);
    // A stream that is shorter than it was stands in a database that was restored.
    const restored = known && least !== undefined && least < known.last;
    const current = known && (least ?? known.last) === known.last ? known : await this.look(stream, restored ? undefined : known, least);
    const place = placeIn(current, ids);
    // The server checks a free place, and what stands goes on standing; but who is refused is told the last revision.
    return place.kind === 'taken' && current === known ? placeIn(await this.look(stream, known, least), ids) : place;
  }

  /** The ids now stand behind the revision. */
  appended(stream: string, after: number, ids: readonly string[]): void {
    const known = this.streams.get(stream);
    if (!known) return;
    this.forget(stream);
    if (known.last !== after) return;
    ids.forEach((id, i) => add(known, after + 1 + i, id));
    this.remember(stream, known);
  }

  /** Reads what is not known yet. */
  private async look(stream: string, known: KnownStream = { last: -1, places: new Map(), ids: new Map() }, least = -1): Promise<KnownStream> {
    this.forget(stream);
    for (const event of await this.readFrom(stream, known.last + 1)) add(known, event.revision, event.id);
    // Where the end of a stream was truncated there is nothing to read, but its revisions go on.
    known.last = Math.max(known.last, least);
    this.remember(stream, known);
    return known;
  }

  private remember(stream: string, known: KnownStream): void {
    this.streams.set(stream, known);
    this.total += known.ids.size;
    for (const oldest of this.streams.keys()) {
      if (this.total <= KNOWN_IDS) break;
      this.forget(oldest);
    }
  }

  private forget(stream: string): void {
    this.total -= this.streams.get(stream)?.ids.size ?? 0;
    this.streams.delete(stream);
  }
}

const placeIn = ({ last, places, ids: standing }: KnownStream, ids: readonly string[]): Place => {
  const place = places.get(ids[0] ?? '');
  if (place === undefined) return { kind: 'free', last };
  return ids.every((id, i) => standing.get(place + i) === id) ? { kind: 'standing', last, revision: place + ids.length - 1 } : { kind: 'taken', last };
};

const add = (known: KnownStream, revision: number, id: string): void => {
  if (!known.places.has(id)) known.places.set(id, revision);
  known.ids.set(revision, id);
  known.last = revision;
};
