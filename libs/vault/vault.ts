/** What things are whose personal data is kept: learners, people who sign in, and deliveries that could not be recorded. */
export const SUBJECT_KINDS = ['learner', 'account', 'letter'] as const;
export type SubjectKind = (typeof SUBJECT_KINDS)[number];

/** Whose data it is; each subject has a key of its own. */
export interface Subject {
  readonly tenant: string;
  readonly kind: SubjectKind;
  /** Learner id, account id, dead letter id. */
  readonly id: string;
}

/** What is kept of a subject, by name. */
export type Fields = Readonly<Record<string, string>>;

/** Values to set, by name; null takes one away, and what is not named stays. */
export type Change = Readonly<Record<string, string | null>>;

/** What changes about a subject. */
export interface Entry {
  readonly subject: Subject;
  readonly fields: Change;
  /** Values by which it can be found, in the form in which equal ones are equal; only a keyed code of each is kept. */
  readonly lookups?: Change;
}

/** Bytes to be kept elsewhere, that only the subject's key opens. */
export interface Sealing {
  readonly subject: Subject;
  /** What they are; opening has to name it too. */
  readonly field: string;
  readonly content: Uint8Array;
}

/** Sealed bytes. */
export interface Sealed {
  readonly sealed: Uint8Array;
  /** The subject had no key before: whatever was sealed for it earlier opens no more. */
  readonly fresh: boolean;
}

/** Seals bytes that are kept elsewhere, and opens them as long as their subject is not erased. */
export interface Seals {
  /** A code of content that only who has the key ring can work out: the same of the same, 32 bytes. */
  mark(tenant: string, what: string, content: Uint8Array): Promise<Uint8Array>;
  /** In the order given; the keys are durable when it resolves, all in one commit. */
  seal(items: readonly Sealing[]): Promise<readonly Sealed[]>;
  /** Undefined where the key that sealed them is gone. @throws ProofmarkError STORE_CORRUPT for bytes that were altered */
  open(subject: Subject, field: string, sealed: Uint8Array): Promise<Uint8Array | undefined>;
}

/**
 * Names, contact data and the keys of what is sealed elsewhere. Each subject has a random key of 256 bits, wrapped by
 * its tenant's key, which follows from a secret of the key ring; so who has the vault without the ring has nothing, and
 * a subject whose key is gone is gone wherever its bytes still are. What was written is durable when a call resolves.
 * Errors: STORE_FULL, STORE_FAILED, STORE_CORRUPT, STORE_CLOSED, KEYS_LOCKED; STORE_LOCKED for writing what was opened to
 * be read.
 */
export interface Vault extends Seals {
  /** All of them in one commit. */
  put(entries: readonly Entry[]): Promise<void>;
  /** Undefined for a subject that is not there, or of whom nothing is kept. */
  get(subject: Subject): Promise<Fields | undefined>;
  /** In the order of the subjects. */
  getMany(subjects: readonly Subject[]): Promise<readonly (Fields | undefined)[]>;
  /** Ids of the subjects that were given this value to be found by, in their order. */
  findBy(tenant: string, kind: SubjectKind, lookup: string, value: string): Promise<readonly string[]>;
  /** Ids of the subjects after one, in their order. */
  list(tenant: string, kind: SubjectKind, options: { readonly after?: string; readonly limit: number }): Promise<readonly string[]>;
  /**
   * Takes subjects away with their keys; says how many there were. When it resolves neither is in any file of the vault.
   * @throws ProofmarkError STORE_LOCKED while somebody reads what has to be overwritten; what was asked for is done but for that, and asking again does it.
   */
  erase(subjects: readonly Subject[]): Promise<number>;
  close(): Promise<void>;
}
