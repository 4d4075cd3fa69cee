/*
 * TEST SUPPORT: what cannot run everywhere. This is the only place where tests are skipped: always for a reason, which stands in the
 * name and is printed, so that a run that left something out cannot be taken for one that did not.
 */

const told = (name: string, missing: string): string => {
  const line = `${name} (skipped: ${missing})`;
  console.log(line);
  return line;
};

/** `describe`; where something is missing, one that is skipped and says what. */
export const describeUnless = (missing: string | undefined, name: string, tests: () => void): void =>
  missing === undefined ? describe(name, tests) : describe.skip(told(name, missing), tests);

/** `it`; where something is missing, one that is skipped and says what. */
export const itUnless = (missing: string | undefined, name: string, run: () => Promise<void>, timeoutMs?: number): void =>
  missing === undefined ? it(name, run, timeoutMs) : it.skip(told(name, missing), run, timeoutMs);
