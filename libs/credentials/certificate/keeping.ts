/** Answers what is kept for a key, or makes it once and keeps it. */
export type Keep<T> = (key: string, make: () => T) => T;

/** Keeps up to `most` things, the latest made: the badges, frames and logos of a batch. */
export const keeping = <T>(most: number): Keep<T> => {
  const kept = new Map<string, T>();
  return (key, make) => {
    if (kept.has(key)) return kept.get(key) as T;
    const made = make();
    const oldest = kept.keys().next();
    if (kept.size >= most && !oldest.done) kept.delete(oldest.value);
    kept.set(key, made);
    return made;
  };
};
