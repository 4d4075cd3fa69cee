/** Many more than the courses, activities and occurrences of a term. */
const MOST_TEXTS = 50_000;

/** V8's JSON.parse gives equal texts of up to so many characters as one. */
const SHORT = 10;

const texts = new Map<string, string>();

/**
 * An equal text that others have too: every parsed event brings texts of its own. The pool is bounded and starts anew
 * when it is full, so two equal texts need not be one.
 */
export const sharedText = (text: string): string => {
  if (text.length <= SHORT) return text;
  const known = texts.get(text);
  if (known !== undefined) return known;
  if (texts.size >= MOST_TEXTS) texts.clear();
  texts.set(text, text);
  return text;
};
