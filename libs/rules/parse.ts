import { contentHash } from '#domain/ids.js';
import { ATTENDANCE_STATUSES, type LearnerFactType } from '#domain/learning-event.js';
import { CRITERIA } from './criteria/all.js';
import type { CriterionNode } from './criterion.js';
import { nearest, type Diagnostic } from './diagnostic.js';
import type { Criterion, Decides, LocalizedText, Rule } from './rule.js';
import type { Selector } from './selector.js';
import { openYaml, Report, type MappingReader, type ValueReader } from './yaml-reader.js';

const MAX_DEPTH = 10;
const MAX_NODES = 200;
const DAYS = { min: -3650, max: 3650 };

/** The words of a rule for the types of facts. */
export const FACT_NOUNS: Readonly<Record<string, LearnerFactType>> = {
  enrolment: 'Enrolled',
  withdrawal: 'Withdrawn',
  attendance: 'AttendanceMarked',
  submissions: 'AssignmentSubmitted',
  grades: 'AssignmentGraded',
  'started missions': 'MissionStarted',
  missions: 'MissionCompleted',
  extensions: 'ExtensionGranted',
  flags: 'LearnerFlagged',
  approvals: 'ApprovalGiven',
};

export type ParseResult =
  | { readonly ok: true; readonly rule: Rule; readonly hash: string }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** Reads a rule file: the rule with its content hash, or everything that is wrong with it, each with its place. */
export const parseRule = (text: string, file: string): ParseResult => {
  const report = new Report(file);
  const mapping = openYaml(text, report)?.mapping();
  const rule = mapping && readRule(mapping);
  if (report.diagnostics.length > 0 || !rule) return { ok: false, diagnostics: report.diagnostics };
  return { ok: true, rule, hash: ruleHash(rule) };
};

/** The content hash of a rule: equal meaning in equal words gives an equal hash, comments and order aside. */
export const ruleHash = (rule: Rule): string => contentHash(rule);

const readRule = (mapping: MappingReader): Rule | undefined => {
  const badge = readId(mapping, 'badge');
  const name = readLocalized(mapping, 'name');
  const criteriaText = readLocalized(mapping, 'criteria-text');
  const course = mapping.required('course', 'the id of a course, as the class system sends it')?.text(200);
  const decides = readDecides(mapping);
  const whenCorrected = mapping
    .required('when-corrected', 'one of keep, review, revoke')
    ?.choice(['keep', 'review', 'revoke']);
  const root = mapping.required('criteria', `one of all, any, not, ${[...CRITERIA.keys()].join(', ')}`);
  const limits = { nodes: 0 };
  const criteria = root && readCriterion(root, 1, limits);
  mapping.finish();
  if (!badge || !name || !criteriaText || !course || !decides || !whenCorrected || !criteria) return undefined;
  return { badge, name, criteriaText, course, decides, whenCorrected, criteria };
};

const readId = (mapping: MappingReader, key: string): string | undefined => {
  const expected = 'lower-case letters, digits and hyphens, at most 64';
  const value = mapping.required(key, expected);
  const text = value?.text(64);
  if (!value || text === undefined) return undefined;
  return /^[a-z0-9][a-z0-9-]*$/.test(text) ? text : value.fail(`"${key}" is "${text}"`, expected);
};

const readLocalized = (mapping: MappingReader, key: string): LocalizedText | undefined => {
  const value = mapping.required(key, 'a text for each language: "en: …", "ko: …"');
  const texts = value?.mapping();
  if (!value || !texts) return undefined;
  const entries: [string, string][] = [];
  for (const [language, at, text] of texts.entries()) {
    const read = text.text();
    if (!/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(language)) at.fail(`"${language}" is not a language tag`, '"en", "ko", …');
    else if (read !== undefined) entries.push([language, read]);
  }
  if (!entries.some(([language]) => language === 'en')) return value.fail(`"${key}" has no English text`, '"en: …"');
  return Object.fromEntries(entries);
};

const readDecides = (mapping: MappingReader): Decides | undefined => {
  const value = mapping.required('decides', 'as-soon-as-met, continuously, or "at-close: course"');
  if (!value) return undefined;
  if (value.scalar() !== undefined) {
    const mode = value.choice(['as-soon-as-met', 'continuously']);
    return mode && { mode };
  }
  const close = value.mapping();
  if (!close) return undefined;
  const of = close.required('at-close', 'course, or "course-day: 150"');
  let decides: Decides | undefined;
  if (of?.scalar() !== undefined) {
    const course = of.choice(['course']);
    decides = course && { mode: 'at-close', of: course };
  } else if (of) {
    const window = of.mapping();
    const courseDay = window?.integer('course-day', DAYS);
    window?.finish();
    decides = courseDay === undefined ? undefined : { mode: 'at-close', of: { courseDay } };
  }
  close.finish();
  return decides;
};

const KEYWORDS = ['all', 'any', 'not', ...CRITERIA.keys()];

const readCriterion = (value: ValueReader, depth: number, limits: { nodes: number }): Criterion | undefined => {
  limits.nodes += 1;
  if (depth > MAX_DEPTH) return value.fail(`criteria are nested deeper than ${MAX_DEPTH}`, 'a flatter rule');
  if (limits.nodes > MAX_NODES + 1) return undefined; // said already
  if (limits.nodes > MAX_NODES) return value.fail(`the rule has more than ${MAX_NODES} criteria`, 'a shorter rule');
  const mapping = value.mapping();
  if (!mapping) return undefined;
  const [entry, second] = mapping.entries();
  if (!entry || second) {
    return value.fail('a criterion is one keyword with its settings below it', `one of ${KEYWORDS.join(', ')}`);
  }
  const [keyword, key, body] = entry;
  switch (keyword) {
    case 'all':
    case 'any': {
      const items = body.list();
      if (!items) return undefined;
      if (items.length === 0) return body.fail(`"${keyword}" is empty`, 'at least one criterion');
      const parts = items.map((item) => readCriterion(item, depth + 1, limits));
      return parts.every((part) => part !== undefined) ? { group: keyword, parts } : undefined;
    }
    case 'not': {
      const part = readCriterion(body, depth + 1, limits);
      return part && { group: 'not', parts: [part] };
    }
    default: {
      const kind = CRITERIA.get(keyword);
      if (!kind) {
        const meant = nearest(keyword, KEYWORDS);
        return key.fail(
          `unknown criterion "${keyword}"${meant ? `; did you mean "${meant}"?` : ''}`,
          `one of ${KEYWORDS.join(', ')}`,
        );
      }
      const settings = body.mapping();
      if (!settings) return undefined;
      const select = readSelector(settings);
      const parsed = kind.parse(settings);
      settings.finish();
      if (!select || !parsed) return undefined;
      const leaf: CriterionNode = { keyword, select, settings: parsed };
      return { leaf };
    }
  }
};

/** One value or a list of some: an empty list would select nothing, ever. */
const readSome = (value: ValueReader | undefined): readonly ValueReader[] | undefined => {
  const items = value?.list(true);
  return items?.length === 0 ? value?.fail(`"${value.label}" is empty`, 'at least one') : items;
};

const readSelector = (settings: MappingReader): Selector | undefined => {
  const nouns = Object.keys(FACT_NOUNS);
  const of = settings.required('of', `one of ${nouns.join(', ')}`);
  const noun = of?.choice(nouns);
  const activities = readSome(settings.optional('activity'))?.map((item) => item.text(200));
  const tag = settings.optional('tag')?.text(100);
  const kind = settings.optional('kind')?.text(100);
  const marked = settings.optional('status');
  const marks = readSome(marked)?.map((item) => item.choice(ATTENDANCE_STATUSES));
  const fromDay = settings.optional('from-course-day')?.number(DAYS, true);
  const to = settings.optional('to-course-day');
  const toDay = to?.number(DAYS, true);
  const type = noun === undefined ? undefined : FACT_NOUNS[noun];
  if (!type) return undefined;
  if (marked && type !== 'AttendanceMarked') return marked.fail('"status" is only for attendance', 'no "status"');
  if (to && fromDay !== undefined && toDay !== undefined && toDay < fromDay) {
    return to.fail('the window ends before it begins', `a day from ${fromDay}`);
  }
  const statuses = marks?.filter((status) => status !== undefined) ?? (['present', 'late'] as const);
  return {
    type,
    ...(activities && { activities: activities.filter((activity) => activity !== undefined) }),
    ...(tag !== undefined && { tag }),
    ...(kind !== undefined && { kind }),
    ...(type === 'AttendanceMarked' && { statuses }),
    ...(fromDay !== undefined && { fromDay }),
    ...(toDay !== undefined && { toDay }),
  };
};
