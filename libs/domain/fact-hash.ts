/*
 * Hashes of 16 bits by which tables find facts (hash-table.ts), and what they are made of.
 */

/** FNV-1a; `seed` continues the hash of a text before it. */
const textHash = (text: string, seed: number): number => {
  let hash = seed;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
};

/** 16 bits that depend on all bits of a hash. */
export const folded = (hash: number): number => (Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 16) & 0xffff;

/** The hash of an identity. Sources mostly have ids of their own, so their first letter is enough. */
export const identityHash = (source: string, eventId: string): number => folded(textHash(eventId, source.charCodeAt(0)));

/** A hash of where a fact is from and what it is about, all of its bits. */
export const aboutHash = (type: string, course: string, activity: string | undefined): number =>
  textHash(activity ?? '', textHash(course, type.length));

/** The hash of a subject, which is what a fact is about, and which time of it. */
export const subjectHash = (about: number, occurrence: string | undefined): number => folded(textHash(occurrence ?? '', about));
