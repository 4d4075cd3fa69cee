import { issuerSchema, parseIssuer } from '#credentials/issuer/issuer-file.js';
import { readdirSync, readFileSync } from 'node:fs';
import { testRule } from '#awarding/test-rule.js';
import { isCasesFile, isIssuerFile } from '#engine/rule-files.js';
import { casesSchema } from '#rules/cases/cases-schema.js';
import { CRITERIA } from '#rules/criteria/all.js';
import { formatDiagnostic } from '#rules/diagnostic.js';
import { leavesOf } from '#rules/evaluate.js';
import { lintRules } from '#rules/lint/lint.js';
import { parseRule } from '#rules/parse.js';
import type { Criterion, Rule } from '#rules/rule.js';

const RULES = new URL('../../rules/', import.meta.url);
const yaml = readdirSync(RULES).filter((file) => file.endsWith('.yaml'));
const files = yaml.filter((file) => !isCasesFile(file) && !isIssuerFile(file));

const textOf = (file: string): string => readFileSync(new URL(file, RULES), 'utf8');

const ruleIn = (file: string): Rule => {
  const parsed = parseRule(textOf(file), `rules/${file}`);
  if (!parsed.ok) throw new Error(parsed.diagnostics.map(formatDiagnostic).join('\n'));
  return parsed.rule;
};

const groupsOf = (criterion: Criterion): readonly string[] =>
  'leaf' in criterion ? [] : [criterion.group, ...criterion.parts.flatMap(groupsOf)];

describe('the rules that come with Proofmark', () => {
  it.each(files)('%s parses, names its schema for editors, says what it is for, and is named for its badge', (file) => {
    expect(textOf(file)).toMatch(/^# yaml-language-server: \$schema=\.\/rule\.schema\.json\n# \S/);
    expect(`${ruleIn(file).badge}.yaml`).toBe(file);
  });

  it.each(files)('%s speaks English and Korean', (file) => {
    const { name, criteriaText } = ruleIn(file);
    for (const text of [name, criteriaText]) {
      expect(Object.keys(text).sort()).toEqual(['en', 'ko']);
      expect(text['ko']).toMatch(/\p{Script=Hangul}/u);
      expect(text['en']).not.toMatch(/\p{Script=Hangul}/u);
    }
  });

  it.each(files)('%s has example cases, awarded and not, that come out as they say', (file) => {
    const beside = file.replace('.yaml', '.cases.yaml');
    const test = testRule({ file, text: textOf(file) }, { file: beside, text: textOf(beside) });
    expect(test.diagnostics.map(formatDiagnostic)).toEqual([]);
    expect(test.cases.filter(({ passed }) => !passed)).toEqual([]);
    expect(new Set(test.cases.map(({ award }) => award.status === 'active'))).toEqual(new Set([true, false]));
  });

  it('have no cases without a rule', () => {
    expect(yaml.filter(isCasesFile).filter((file) => !files.includes(file.replace('.cases.yaml', '.yaml')))).toEqual([]);
  });

  it('come with a fresh JSON Schema of their cases (else: npm run schema)', () => {
    expect(JSON.parse(textOf('cases.schema.json'))).toEqual(JSON.parse(JSON.stringify(casesSchema())));
  });

  it('come with who issues them, as the schema beside them says', () => {
    expect(textOf('issuer.schema.json')).toBe(`${JSON.stringify(issuerSchema(), null, 2)}\n`);
    const issuers = yaml.filter(isIssuerFile).map((file) => parseIssuer(textOf(file), file));
    const named = new Set(files.map((file) => ruleIn(file).design.issuer));
    expect(issuers.map((one) => one.ok && one.issuer)).toEqual([...named]);
  });

  it('show every way to decide, every policy, every group and every criterion', () => {
    const rules = files.map(ruleIn);
    const closings = rules.map(({ decides }) => (decides.mode === 'at-close' ? typeof decides.of : decides.mode));
    expect(new Set(closings)).toEqual(new Set(['as-soon-as-met', 'continuously', 'string', 'object']));
    expect(new Set(rules.map(({ whenCorrected }) => whenCorrected))).toEqual(new Set(['keep', 'review', 'revoke']));
    expect(new Set(rules.flatMap(({ criteria }) => groupsOf(criteria)))).toEqual(new Set(['all', 'any', 'some', 'not']));
    const leaves = rules.flatMap(({ criteria }) => leavesOf(criteria));
    expect(new Set(leaves.map(({ keyword }) => keyword))).toEqual(new Set(CRITERIA.keys()));
  });

  it('are designed as badges should be: only pictures are left to be made, and a habit is called one', () => {
    const lints = lintRules(files.map((file) => ({ file, text: textOf(file) })));
    const found = lints.flatMap(({ rule, findings }) => findings.map(({ code, severity }) => ({ badge: rule?.badge, code, severity })));
    expect(found.filter(({ severity }) => severity !== 'advice')).toEqual([]);
    expect(found.filter(({ code }) => code !== 'no-image').map(({ badge, code }) => `${badge ?? ''}: ${code}`)).toEqual([
      'sql-every-week: attendance-only',
      'team-reliable: attendance-only',
      'viz-designer: rate-before-end',
    ]);
  });

  it('are of three courses, and of none for the roles that pathways lead to', () => {
    const rules = files.map(ruleIn);
    expect(new Set(rules.map(({ course }) => course))).toEqual(new Set(['sql-basics', 'data-viz', 'team-project', '']));
    const roles = rules.filter(({ design }) => design.role).map(({ badge }) => badge);
    expect(roles.length).toBeGreaterThanOrEqual(2);
    expect(new Set(rules.flatMap(({ design: { pathway } }) => pathway ?? []))).toEqual(new Set(roles));
    expect(rules.filter(({ design }) => design.level?.of === 'sql').map(({ design }) => design.level?.rank).sort()).toEqual([1, 2, 3]);
  });
});
