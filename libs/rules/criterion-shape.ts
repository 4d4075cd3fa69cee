import { CRITERIA } from './criteria/all.js';
import { leafKeywords, type ForBadge } from './leaf-shape.js';
import type { Criterion } from './rule.js';
import { agreeing, integer, keyworded, mapped, mapping, named, required, type Keyword, type Shape } from './shape.js';

const MAX_DEPTH = 10;
const MAX_NODES = 200;

type Draft = ForBadge<Criterion>;

const LEAVES: readonly (readonly [string, Keyword<Draft>])[] = [...leafKeywords(CRITERIA.values())].map(([keyword, { shape, doc }]) => [
  keyword,
  { doc, shape: mapped(shape, (node): Draft => (badge) => ({ leaf: node(badge) })) },
]);

/** The parts of a group; how many they may be is a matter of the whole rule. */
const partsOf = (criterion: Shape<Draft>): Shape<readonly Draft[]> => ({
  read: (value) => {
    const items = value.list();
    if (items?.length === 0) return value.fail(`"${value.label}" is empty`, 'at least one criterion');
    const parts = items?.map(criterion.read);
    return parts?.every((part) => part !== undefined) ? parts : undefined;
  },
  schema: { type: 'array', items: criterion.schema, minItems: 1, maxItems: MAX_NODES },
  expected: 'a list of criteria',
});

const keywordsOf = (criterion: Shape<Draft>): ReadonlyMap<string, Keyword<Draft>> => {
  const parts = partsOf(criterion);
  const group = (of: 'all' | 'any'): Shape<Draft> =>
    mapped(parts, (drafts) => (badge) => ({ group: of, parts: drafts.map((draft) => draft(badge)) }));
  const some = agreeing(
    mapping({
      'at-least': required(integer({ min: 1, max: MAX_NODES }), 'how many of them have to be met'),
      of: required(parts, 'the criteria'),
    }),
    ({ 'at-least': least, of }) =>
      least <= of.length ? [] : [{ path: ['at-least'], message: `"at-least" asks for ${least} of ${of.length}`, expected: `a whole number from 1 to ${of.length}` }],
  );
  return new Map<string, Keyword<Draft>>([
    ['all', { shape: group('all'), doc: 'every one of these' }],
    ['any', { shape: group('any'), doc: 'at least one of these' }],
    ['some', {
      shape: mapped(some, ({ 'at-least': atLeast, of }) => (badge) => ({ group: 'some', atLeast, parts: of.map((draft) => draft(badge)) })),
      doc: 'at least so many of these',
    }],
    ['not', { shape: mapped(criterion, (draft) => (badge) => ({ group: 'not', parts: [draft(badge)] })), doc: 'this is not met' }],
    ...LEAVES,
  ]);
};

/** Reads one tree, and counts what it reads. */
const limited = (): Shape<Draft> => {
  let depth = 0;
  let nodes = 0;
  const criterion: Shape<Draft> = {
    read: (value) => {
      nodes += 1;
      if (depth === MAX_DEPTH) return value.fail(`criteria are nested deeper than ${MAX_DEPTH}`, 'a flatter rule');
      if (nodes > MAX_NODES + 1) return undefined; // said already
      if (nodes > MAX_NODES) return value.fail(`the rule has more than ${MAX_NODES} criteria`, 'a shorter rule');
      depth += 1;
      const read = body.read(value);
      depth -= 1;
      return read;
    },
    schema: { $ref: '#/$defs/criterion' },
    expected: 'a criterion',
  };
  const body = keyworded('criterion', keywordsOf(criterion));
  return { ...body, read: criterion.read };
};

/** The criterion tree of a rule. */
export const CRITERION = named('criterion', { ...limited(), read: (value) => limited().read(value) });
