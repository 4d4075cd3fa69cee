import type { LocalizedText, Rule } from './rule.js';

/** Something that people can do, and the badges that certify it. */
export interface Competency {
  /** The address of the alignment, else `level:` and the name of the level family, else `badge:` and the badge's id. */
  readonly id: string;
  readonly name: LocalizedText;
  /** The framework in which it stands, where it stands in one. */
  readonly framework?: string;
  /** In the order given. */
  readonly badges: readonly string[];
}

/** A text of which nobody says in what language it is (BCP 47). */
const unnamed = (text: string): LocalizedText => ({ und: text });

/**
 * The competencies that badges certify. Two badges certify the same one where the alignment that they name first is the same, or where
 * they are levels of one family.
 *
 * Why: an alignment is what issuers agree on beyond their own names, so it comes first; the first alone, since the others say where a
 * badge also belongs. Levels are one skill by what a level is, however each of them is aligned, so that who moves up does not move to
 * another column. A badge with neither stands for itself. Each badge is in exactly one competency: where one counted for several,
 * their figures would follow from one another, and what is about few learners with them. Badges of roles are in none: a role rests on
 * badges that count themselves.
 */
export const competenciesOf = (rules: readonly Rule[]): readonly Competency[] => {
  const skills = rules.filter(({ design }) => design.role === undefined);
  const parent = new Map<string, string>();
  const rootOf = (key: string): string => {
    let root = key;
    for (let up = parent.get(root); up !== undefined && up !== root; up = parent.get(root)) root = up;
    return root;
  };
  const keysOf = ({ badge, design: { alignments, level } }: Rule): readonly string[] => {
    const first = alignments?.[0]?.url;
    return [...(first === undefined ? [] : [`alignment ${first}`]), ...(level ? [`level ${level.of}`] : []), `badge ${badge}`];
  };
  for (const rule of skills) {
    const keys = keysOf(rule);
    for (const key of keys) if (!parent.has(key)) parent.set(key, key);
    for (const key of keys) parent.set(rootOf(key), rootOf(keys[0] as string));
  }
  const members = new Map<string, Rule[]>();
  for (const rule of skills) {
    const root = rootOf(`badge ${rule.badge}`);
    members.set(root, [...(members.get(root) ?? []), rule]);
  }
  return [...members.values()].map(competencyOf);
};

/** Named by the alignment that most of its badges have first, the first of those that are as many. */
const competencyOf = (rules: readonly Rule[]): Competency => {
  const badges = rules.map(({ badge }) => badge);
  const aligned = rules.flatMap(({ design }) => design.alignments?.slice(0, 1) ?? []);
  const often = (url: string): number => aligned.filter((one) => one.url === url).length;
  const alignment = aligned.reduce<(typeof aligned)[number] | undefined>((best, one) => (best && often(best.url) >= often(one.url) ? best : one), undefined);
  if (alignment) return { id: alignment.url, name: unnamed(alignment.name), framework: alignment.framework, badges };
  const [first] = rules as readonly [Rule, ...Rule[]];
  const { level } = first.design;
  return level ? { id: `level:${level.of}`, name: rules.length === 1 ? first.name : unnamed(level.of), badges } : { id: `badge:${first.badge}`, name: first.name, badges };
};
