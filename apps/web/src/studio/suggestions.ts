import { useQuery } from '@tanstack/react-query';
import { ask } from '../api/ask.ts';
import type { components } from '../api/schema.d.ts';
import { useLanguage } from '../language.ts';
import { called, CHOICES, CRITERIA, KEYS } from './rule-words.ts';
import { RULE_SCHEMA } from './rule-schema.ts';
import type { Suggested } from './schema.ts';

/** What may be written at a place, with what it is called. */
export type Suggestion = Suggested;

/** The names that rules can mention. */
export type RuleNames = components['schemas']['RuleNames'];

/** The names that a rule of a course can mention. */
export const useNames = (course: string): RuleNames | undefined =>
  useQuery({ queryKey: ['rule-names', course], queryFn: ({ signal }) => ask<RuleNames>(`/v1/rules/names${course === '' ? '' : `?course=${encodeURIComponent(course)}`}`, { signal }), staleTime: 60_000 }).data;

const inCriteria = (path: readonly (string | number)[]): boolean => path[0] === 'criteria';

/** The names for the value of a key, with what people call them. */
export const namesFor = (key: string | undefined, names: RuleNames | undefined, say: (text: Readonly<Record<string, string>>) => string): readonly { readonly id: string; readonly name?: string }[] => {
  if (!names) return [];
  switch (key) {
    case 'course':
      return names.courses.map(({ id, title }) => ({ id, ...(title !== undefined && { name: title }) }));
    case 'activity':
      return names.activities.map(({ id, title }) => ({ id, ...(title !== undefined && { name: title }) }));
    case 'tag':
      return names.tags.map((id) => ({ id }));
    case 'kind':
      return names.kinds.map((id) => ({ id }));
    case 'badge':
    case 'pathway':
      return names.badges.map(({ id, name }) => ({ id, name: say(name) }));
    case 'level-of':
      return names.levels.map(({ of }) => ({ id: of }));
    case 'issuer':
      return names.issuers.map((id) => ({ id }));
    default:
      return [];
  }
};

/** What may stand at a place of a rule's text: words of the language, and names that the course has. */
export const useSuggest = (names: RuleNames | undefined): ((path: readonly (string | number)[], isKey: boolean) => readonly Suggestion[]) => {
  const { language, say } = useLanguage();
  return (path, isKey) => {
    const words = RULE_SCHEMA.suggestionsAt(path)
      .filter((one) => one.isKey === isKey)
      .map(({ label, ...one }): Suggestion => {
        const criterion = one.isKey && inCriteria(path) ? CRITERIA[label] : undefined;
        return { ...one, label, about: criterion && !(path.at(-1) === 'by' && label === 'by') ? criterion[language] : called(one.isKey ? KEYS : CHOICES, label, language, String(path.at(-1))) };
      });
    if (isKey) return words;
    const key = path.findLast((step) => typeof step === 'string');
    return [...words, ...namesFor(typeof key === 'string' ? key : undefined, names, say).map(({ id, name }): Suggestion => ({ label: id, isKey: false, ...(name !== undefined && { about: name }) }))];
  };
};
