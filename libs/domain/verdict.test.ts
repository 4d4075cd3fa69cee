import fc from 'fast-check';
import { sameVerdict, type CriterionVerdict, type Unit, type Verdict } from './verdict.js';

const few = fc.nat(1);
const ids = fc.array(fc.constantFrom('lms/1', 'lms/2'), { maxLength: 2 });

const { criterion } = fc.letrec<{ criterion: CriterionVerdict }>((tie) => ({
  criterion: fc.record(
    {
      criterion: fc.constantFrom('count', 'all'),
      path: fc.constantFrom('count', 'all[0].count'),
      met: fc.boolean(),
      value: few,
      needed: few,
      unit: fc.constantFrom<Unit>('count', 'percent'),
      evidence: ids,
      lacking: ids,
      parts: fc.oneof({ depthSize: 'small' }, fc.constant([]), fc.array(tie('criterion'), { maxLength: 2 })),
    },
    { requiredKeys: ['criterion', 'path', 'met', 'value', 'needed', 'unit', 'evidence'] },
  ),
}));

const verdict: fc.Arbitrary<Verdict> = fc.record({ met: fc.boolean(), asOf: few, decided: fc.boolean(), root: criterion }, { requiredKeys: ['met', 'decided', 'root'] });

/** A copy of a verdict in which one thing may be another. */
const nearly = (of: Verdict): fc.Arbitrary<Verdict> =>
  verdict.chain((other) =>
    fc.constantFrom<Verdict>(
      of,
      { ...of, met: other.met },
      { met: of.met, decided: of.decided, root: of.root, ...(other.asOf !== undefined && { asOf: other.asOf }) },
      { ...of, decided: other.decided },
      ...(['criterion', 'path', 'met', 'value', 'needed', 'unit', 'evidence', 'lacking', 'parts'] as const).map((member) => {
        const { [member]: _taken, ...root } = of.root;
        return { ...of, root: { ...root, ...(member in other.root && { [member]: other.root[member] }) } as CriterionVerdict };
      }),
    ),
  );

/** As text with its members in order: a verdict that was read has them in the order of its text. */
const asText = (of: Verdict): string =>
  JSON.stringify(of, (_key, value: unknown) => (typeof value === 'object' && value && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value));

it('two verdicts say the same where their texts do', () => {
  fc.assert(
    fc.property(verdict.chain((one) => fc.tuple(fc.constant(one), nearly(one))), ([one, other]) => {
      const read = JSON.parse(JSON.stringify(other)) as Verdict;
      expect(sameVerdict(one, read)).toBe(asText(one) === asText(read));
    }),
    { numRuns: 4000 },
  );
});
