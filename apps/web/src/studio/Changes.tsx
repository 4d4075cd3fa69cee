import { useLanguage } from '../language.ts';
import { changeWords } from './change-words.ts';
import { called, KEYS } from './rule-words.ts';
import type { RuleChange } from './types.ts';

/** The key that a part begins with; the place of a criterion behind it says nothing to people. */
const keyOf = (part: string): string => part.split(' ')[0] ?? part;

/** What differs between two versions of a rule, part by part. */
export const Changes = ({ changes }: { readonly changes: readonly RuleChange[] }) => {
  const { t, say, language } = useLanguage();
  return (
    <ul className="grid gap-2 text-sm">
      {changes.map(({ part, before, after }, i) => (
        <li key={`${part} ${i}`} className="rounded-card bg-paper p-3">
          <p className="font-medium">{called(KEYS, keyOf(part), language)}</p>
          {before && (
            <p className="text-quiet">
              <span className="sr-only">{t('studio.before')}: </span>
              <del className="decoration-wrong">{changeWords(part, say(before), language)}</del>
            </p>
          )}
          {after && (
            <p>
              <span className="sr-only">{t('studio.after')}: </span>
              {changeWords(part, say(after), language)}
            </p>
          )}
        </li>
      ))}
    </ul>
  );
};
