import type { Subject, SubjectKind } from './vault.js';

/** What is at rest of a subject: nothing that could be read without the key ring, but its id. */
export interface VaultRecord {
  /** Its wrapped key. */
  readonly key: Uint8Array;
  /** Sealed values, by name. */
  readonly fields: Readonly<Record<string, Uint8Array>>;
}

/** A subject's key. */
export interface KeptKey {
  readonly key: Uint8Array;
  /** It was kept now. */
  readonly fresh: boolean;
}

/** What is written about a subject whose key is still the one given; null takes away. */
export interface RecordChange {
  readonly subject: Subject;
  readonly key: Uint8Array;
  readonly fields: Readonly<Record<string, Uint8Array | null>>;
  readonly marks: Readonly<Record<string, Uint8Array | null>>;
}

/**
 * Where the vault's records are. An adapter implements this; what is secret about them is worked out above it. What was
 * written is durable when a call resolves.
 */
export interface VaultRecords {
  /** Records of subjects, in their order. */
  read(subjects: readonly Subject[]): Promise<readonly (VaultRecord | undefined)[]>;
  /** Keeps keys for the subjects that have none; says in their order which keys hold. */
  claim(keys: readonly { readonly subject: Subject; readonly key: Uint8Array }[]): Promise<readonly KeptKey[]>;
  /** Writes; false where some subject's key is another one by now, and nothing may rely on what was written. */
  write(changes: readonly RecordChange[]): Promise<boolean>;
  /** Ids of the subjects with a mark, in their order. */
  marked(tenant: string, kind: SubjectKind, lookup: string, mark: Uint8Array): Promise<readonly string[]>;
  list(tenant: string, kind: SubjectKind, after: string, limit: number): Promise<readonly string[]>;
  /** As `Vault.erase`. */
  erase(subjects: readonly Subject[]): Promise<number>;
  close(): Promise<void>;
}
