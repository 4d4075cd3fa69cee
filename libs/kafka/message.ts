/** A header's value as it comes over the wire; null where it has none. */
export type HeaderPart = Uint8Array | string | null;
/** One that was given several times is a list. */
export type HeaderValue = HeaderPart | readonly HeaderPart[];
export type Headers = Readonly<Record<string, HeaderValue | undefined>>;

/** A message as it stands in a partition. */
export interface KafkaMessage {
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers?: Headers;
  /** Its place in the partition: a whole number, in decimal. */
  readonly offset: string;
  /** Epoch milliseconds, in decimal. */
  readonly timestamp: string;
}

/** A message to produce. */
export interface OutMessage {
  readonly key: Uint8Array | string | null;
  readonly value: Uint8Array | string | null;
  readonly headers?: Headers;
  /** Chosen by the key where absent, as Java clients do. */
  readonly partition?: number;
}

/** A partition of a topic. */
export interface PartitionId {
  readonly topic: string;
  readonly partition: number;
}

/** Some messages of one partition, and what may be done about them. */
export interface PartitionBatch extends PartitionId {
  readonly messages: readonly KafkaMessage[];
  /** False once the partition may be another member's, or the consumer is stopping: begin nothing new. */
  current(): boolean;
  /** Tells the group that this member lives; a refusal shows in `current`. Never rejects. */
  heartbeat(): Promise<void>;
  /**
   * All messages before this offset are dealt with for good; commits that, unless the partition was taken away
   * meanwhile. Never rejects: what could not be committed is so later, or comes again.
   */
  done(nextOffset: number): Promise<void>;
  /** Fetches nothing more of this partition until the returned function is called. */
  pause(): () => void;
}

/** The first value of a header as text; undefined where there is none, or it has none. */
export const headerText = (headers: Headers | undefined, name: string): string | undefined => {
  const value = headers?.[name];
  const first = Array.isArray(value) ? (value as readonly HeaderPart[])[0] : (value as HeaderPart | undefined);
  if (first === undefined || first === null) return undefined;
  return typeof first === 'string' ? first : Buffer.from(first).toString('utf8');
};
