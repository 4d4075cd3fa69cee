import type { Keys, Place } from '../locate.js';
import type { Words } from '../words.js';
import { CATALOGUE, DIMENSIONS, type Dimension, type FindingCode } from './catalogue.js';

/** How much a finding matters: an error cannot be meant; a warning probably is not; advice makes a good badge better. */
export type Severity = 'error' | 'warning' | 'advice';

/** What a check found, before it is known where that stands and what it costs. */
export interface Found {
  readonly code: FindingCode;
  /** The keys in the rule file that lead to it. */
  readonly keys: Keys;
  /** Where it stands, where that is known already. */
  readonly place?: Place;
  readonly message: Words;
}

/** Something about a badge's design that its author should know. */
export interface Finding extends Place {
  readonly code: FindingCode;
  readonly severity: Severity;
  readonly file: string;
  /** The keys in the rule file that lead to it. */
  readonly keys: Keys;
  readonly message: Words;
  readonly why: Words;
  readonly fix: Words;
  /** The part of the score that it is about, and the points that it takes. */
  readonly dimension: Dimension;
  readonly effect: number;
}

const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, advice: 2 };

/** Findings with their effects, the greatest first, and the badge design score, from 0 to 100, that they leave. */
export const scored = (
  found: readonly Found[],
  file: string,
  locate: (keys: Keys) => Place,
): { readonly findings: readonly Finding[]; readonly score: number } => {
  const left = new Map<Dimension, number>(Object.entries(DIMENSIONS).map(([name, { weight }]) => [name as Dimension, weight]));
  const findings = [...found]
    .sort((a, b) => CATALOGUE[b.code].points - CATALOGUE[a.code].points)
    .map(({ code, keys, place, message }): Finding => {
      const { severity, dimension, points, why, fix } = CATALOGUE[code];
      const effect = Math.min(points, left.get(dimension) ?? 0);
      left.set(dimension, (left.get(dimension) ?? 0) - effect);
      return { code, severity, file, ...(place ?? locate(keys)), keys, message, why, fix, dimension, effect };
    })
    .sort((a, b) => b.effect - a.effect || RANK[a.severity] - RANK[b.severity] || a.line - b.line || a.column - b.column);
  return { findings, score: [...left.values()].reduce((sum, points) => sum + points, 0) };
};
