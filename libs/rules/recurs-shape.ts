import { RECURRENCES, type Recurs, type Term } from './rule.js';
import { DATE } from './selector-shape.js';
import { agreeing, choice, list, mapped, mapping, optional, required, text, type Finding, type Shape } from './shape.js';

const TERM = agreeing(
  mapping({
    name: required(text(100), 'what people call it'),
    from: required(DATE, 'its first day'),
    to: required(DATE, 'its last day'),
  }),
  ({ from, to }) => (from <= to ? [] : [{ path: ['to'], message: 'the term ends before it begins', expected: 'a day that is not before "from"' }]),
);

/** Terms that have a name or days in common with one before them in the file. */
const termFindings = (terms: readonly Term[]): readonly Finding[] =>
  terms.flatMap((term, i) => {
    const before = terms.slice(0, i);
    const findings: Finding[] = [];
    if (before.some(({ name }) => name === term.name)) {
      findings.push({ path: [i, 'name'], message: `there are two terms "${term.name}"`, expected: 'a name of its own for each term' });
    }
    const other = before.find(({ from, to }) => from <= term.to && term.from <= to);
    if (other) {
      findings.push({ path: [i, 'from'], message: `"${term.name}" overlaps "${other.name}"`, expected: 'terms without a day in common' });
    }
    return findings;
  });

const EITHER = agreeing(
  mapping({
    each: optional(choice(RECURRENCES), 'once in each of these'),
    terms: optional(agreeing(list(TERM, { min: 1, max: 100 }), termFindings), 'once in each of these stretches of days'),
  }),
  ({ each, terms }) =>
    (each === undefined) === (terms === undefined) ? [{ path: [], message: '"recurs" needs either "each" or "terms"', expected: 'one of the two' }] : [],
  { oneOf: [{ required: ['each'] }, { required: ['terms'] }] },
);

/** How often a badge can be earned. */
export const RECURS: Shape<Recurs> = mapped(EITHER, ({ each, terms }) => (each ? { each } : { terms: terms ?? [] }));
