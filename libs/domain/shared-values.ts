import type { FactValues } from './learning-event.js';
import { sharedText } from './shared-text.js';

/** Enough for the marks, statuses, kinds and tags of many courses; a few megabytes. */
const MOST_STEPS = 20_000;

/** The fields whose contents many facts share. */
type Common = Pick<FactValues, 'status' | 'role' | 'score' | 'max' | 'released' | 'kind' | 'tags'>;

/** A place in a tree of contents: one step a field, in fixed order. */
class Step {
  values: FactValues | undefined;
  #next: Map<unknown, Step> | undefined;

  to(content: unknown): Step {
    const known = this.#next?.get(content);
    if (known) return known;
    const step = new Step();
    steps += 1;
    (this.#next ??= new Map()).set(content, step);
    return step;
  }
}

let roots: Step[] = [];
let steps = 0;

/** All fields are there, undefined or not: values of one shape are read fastest. */
const common = ({ status, role, score, max, released, kind, tags }: Common): FactValues =>
  Object.freeze({ status, role, score, max, released, kind, tags: tags && sharedTags(tags) }) as FactValues;

const sharedTags = (tags: readonly string[]): readonly string[] => Object.freeze(tags.map(sharedText));

const given = (field: unknown, bit: number): number => (field === undefined ? 0 : bit);

/**
 * What a fact says, without all else that its event brought: an object that facts with the same contents share, unless
 * there is something that hardly two of them have in common.
 */
export const valuesOf = (from: FactValues): FactValues => {
  const { weight, due, submitted, start, timezone, title, attributes } = from;
  if (
    weight !== undefined || due !== undefined || submitted !== undefined || start !== undefined ||
    timezone !== undefined || title !== undefined || attributes !== undefined
  ) return ownValues(from);

  if (steps > MOST_STEPS) [roots, steps] = [[], 0];
  const { status, role, score, max, released, kind, tags } = from;
  // Which fields there are comes first, so that no two contents go the same way.
  const fields =
    given(status, 1) | given(role, 2) | given(score, 4) | given(max, 8) | given(released, 16) | given(kind, 32) | given(tags, 64);
  let step = (roots[fields] ??= new Step());
  if (status !== undefined) step = step.to(status);
  if (role !== undefined) step = step.to(role);
  if (score !== undefined) step = step.to(score);
  if (max !== undefined) step = step.to(max);
  if (released !== undefined) step = step.to(released);
  if (kind !== undefined) step = step.to(kind);
  if (tags !== undefined) {
    step = step.to(tags.length);
    for (const tag of tags) step = step.to(tag);
  }
  return (step.values ??= common(from));
};

type Values = { -readonly [K in keyof FactValues]: FactValues[K] };

/** Values of one fact alone: only the fields that are present. */
const ownValues = ({ status, role, score, max, released, kind, tags, weight, due, submitted, start, timezone, title, attributes }: FactValues): FactValues => {
  const values: Values = {};
  if (status !== undefined) values.status = status;
  if (role !== undefined) values.role = role;
  if (score !== undefined) values.score = score;
  if (max !== undefined) values.max = max;
  if (released !== undefined) values.released = released;
  if (kind !== undefined) values.kind = sharedText(kind);
  if (tags !== undefined) values.tags = sharedTags(tags);
  if (weight !== undefined) values.weight = weight;
  if (due !== undefined) values.due = due;
  if (submitted !== undefined) values.submitted = submitted;
  if (start !== undefined) values.start = start;
  if (timezone !== undefined) values.timezone = sharedText(timezone);
  if (title !== undefined) values.title = sharedText(title);
  if (attributes !== undefined) values.attributes = attributes;
  return values;
};
