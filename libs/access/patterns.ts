const isOpen = (pattern: string): boolean => pattern.endsWith('*');
const stem = (pattern: string): string => (isOpen(pattern) ? pattern.slice(0, -1) : pattern);

/** Whether an id is among those that are named; a name that ends in "*" is the beginning of many. */
export const names = (patterns: readonly string[], id: string): boolean => patterns.some((one) => (isOpen(one) ? id.startsWith(stem(one)) : one === id));

const meet = (one: string, other: string): boolean => {
  if (isOpen(one) && isOpen(other)) return stem(one).startsWith(stem(other)) || stem(other).startsWith(stem(one));
  return isOpen(one) ? other.startsWith(stem(one)) : isOpen(other) ? one.startsWith(stem(other)) : one === other;
};

/** Whether some id is named by both. */
export const overlap = (some: readonly string[], others: readonly string[]): boolean => some.some((one) => others.some((other) => meet(one, other)));
