/*
 * Two hashes of 16 bits in one small integer that a fact keeps, so that tables can grow without a look at its texts:
 * of its identity, and of its subject within its course.
 */

/** FNV-1a; `seed` continues the hash of a text before it. */
const textHash = (text: string, seed: number): number => {
  let hash = seed;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
};

/** 16 bits that depend on all bits of a hash. */
const folded = (hash: number): number => (Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 16) & 0xffff;

/**
 * The hash of an identity: `id` is `source/event id`. Sources mostly have ids of their own, so their first letter is
 * enough; and that look at the joined text makes one piece of it, which takes half the memory of its two parts.
 */
export const identityHash = (id: string, eventId: string): number => folded(textHash(eventId, id.charCodeAt(0)));

/** The hash of a subject, which corrections of the fact leave as it is. */
export const subjectHash = (activity: string, occurrence: string): number => folded(textHash(occurrence, textHash(activity, 1)));

/** Both as a fact keeps them. */
export const bothHashes = (identity: number, subject: number): number => (identity << 16) | subject;

/** Of both the one of the identity. */
export const identityOf = (hashes: number): number => hashes >>> 16;

/** Of both the one of the subject. */
export const subjectOf = (hashes: number): number => hashes & 0xffff;
