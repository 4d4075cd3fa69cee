import type { Zone } from '../calendar.js';
import { yamlFlow, yamlText, type YamlMembers } from './yaml-flow.js';

/** A course as a file of cases has it. */
export interface WrittenCourse {
  readonly start: string | undefined;
  readonly timezone: string | undefined;
  readonly events: readonly YamlMembers[];
}

/** A case as it is written; what is absent is not said. */
export interface WrittenCase {
  readonly title: string;
  /** What the case says of its course besides what the file says. */
  readonly course: WrittenCourse;
  /** Remarks for who reads it. */
  readonly remarks: readonly string[];
  readonly events: readonly YamlMembers[];
  readonly badges: readonly YamlMembers[];
  readonly closed: string | undefined;
  readonly now: string;
  readonly others: readonly number[] | undefined;
  readonly expect: {
    readonly awarded: boolean;
    readonly award: string | undefined;
    readonly earned: string | undefined;
    readonly period: string | undefined;
    /** By place in the rule. */
    readonly criteria: readonly (readonly [path: string, trace: YamlMembers])[];
  };
}

const indented = (lines: readonly string[]): readonly string[] => lines.map((line) => `  ${line}`);
const listLines = (name: string, items: readonly YamlMembers[]): readonly string[] => (items.length === 0 ? [] : [`${name}:`, ...items.map((item) => `  - ${yamlFlow(item)}`)]);
const textLine = (name: string, text: string | undefined): readonly string[] => (text === undefined ? [] : [`${name}: ${yamlText(text)}`]);

const courseLines = ({ start, timezone, events }: WrittenCourse): readonly string[] => {
  const lines = [...(start === undefined ? [] : [`start: ${start}`]), ...textLine('timezone', timezone), ...listLines('events', events)];
  return lines.length === 0 ? [] : ['course:', ...indented(lines)];
};

/** The lines of a case, without the dash before it. */
export const caseLines = ({ title, remarks, course, events, badges, closed, now, others, expect }: WrittenCase): readonly string[] => [
  `case: ${yamlText(title)}`,
  ...remarks.map((remark) => `# ${remark}`),
  ...courseLines(course),
  ...listLines('events', events),
  ...listLines('badges', badges),
  ...textLine('closed', closed),
  ...textLine('now', now),
  ...(others ? [`others: [${others.join(', ')}]`] : []),
  'expect:',
  ...indented([
    `awarded: ${expect.awarded}`,
    ...textLine('award', expect.award),
    ...textLine('earned', expect.earned),
    ...textLine('period', expect.period),
    ...(expect.criteria.length === 0 ? [] : ['criteria:', ...expect.criteria.map(([path, trace]) => `  ${path}: ${yamlFlow(trace)}`)]),
  ]),
];

/** A new file of cases around one. */
export const newFile = (course: WrittenCourse, lines: readonly string[]): string =>
  [
    '# yaml-language-server: $schema=cases.schema.json',
    ...courseLines(course),
    'cases:',
    ...lines.map((line, i) => `${i === 0 ? '  - ' : '    '}${line}`),
    '',
  ].join('\n');

const DAY = 86_400_000;

/** A course's first instant: the day alone where it is the day's first. */
export const startText = (start: number, zone: Zone): string => {
  const day = zone.dayOf(start);
  return zone.instantOf(day, 0) === start ? new Date(day * DAY).toISOString().slice(0, 10) : new Date(start).toISOString();
};
