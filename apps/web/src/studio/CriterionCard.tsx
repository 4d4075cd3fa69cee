import { ArrowDown, ArrowUp, Group as GroupIcon, Trash2, Ungroup } from 'lucide-react';
import { BOX } from '../design/field.ts';
import { useLanguage } from '../language.ts';
import { added, grouped, opened, partsOf, readCriterion, regrouped, rekeyed, type ReadCriterion } from './criterion-edits.ts';
import { Settings, type Editing } from './Fields.tsx';
import { called, CRITERIA } from './rule-words.ts';
import { RULE_SCHEMA } from './rule-schema.ts';
import { GROUPS, isGroup, type Field } from './schema.ts';
import { withEntryAt, withoutEntry, type Path } from './rule-text.ts';
import { tracePath } from './trace-path.ts';

/** What the cards of criteria need besides what they show. */
export interface CriteriaEditing extends Editing {
  /** Changes the rule's text. */
  readonly edit: (change: (text: string) => string) => void;
  /** What a criterion means, and how many meet it of how many, by its place in the rule as traces have it. */
  readonly said: (trace: string) => { readonly label?: string; readonly met?: { readonly alone: number; readonly of: number } };
}

const ICON = 'inline-flex size-9 items-center justify-center rounded-card text-quiet hover:text-ink disabled:opacity-30';

const accepts = (field: Field | undefined, value: unknown): boolean => {
  if (!field) return false;
  if (field.kind === 'choice') return typeof value === 'string' && field.options.includes(value);
  if (field.kind === 'number') return typeof value === 'number' && (!field.whole || Number.isInteger(value)) && value >= (field.min ?? -Infinity) && value <= (field.max ?? Infinity);
  if (field.kind === 'flag') return typeof value === 'boolean';
  return field.kind === 'text' || field.kind === 'texts' || field.kind === 'span' || field.kind === 'date';
};

/** A way to another criterion. */
export const AddCriterion = ({ label, onAdd }: { readonly label: string; readonly onAdd: (keyword: string) => void }) => {
  const { t, language } = useLanguage();
  return (
    <select className="min-h-11 w-full rounded-card border border-dashed border-quiet/60 bg-transparent px-3 text-sm text-accent" value="" aria-label={label} onChange={({ target }) => onAdd(target.value)}>
      <option value="">＋ {label}</option>
      <optgroup label={t('studio.criteria')}>
        {RULE_SCHEMA.leaves.map((keyword) => (
          <option key={keyword} value={keyword}>
            {called(CRITERIA, keyword, language)}: {CRITERIA[keyword]?.about[language]}
          </option>
        ))}
      </optgroup>
      <optgroup label={t('studio.groups')}>
        {GROUPS.map((keyword) => (
          <option key={keyword} value={keyword}>
            {called(CRITERIA, keyword, language)}
          </option>
        ))}
      </optgroup>
    </select>
  );
};

const KeywordChoice = ({ path, criterion, editing }: { readonly path: Path; readonly criterion: ReadCriterion; readonly editing: CriteriaEditing }) => {
  const { t, language } = useLanguage();
  const { keyword } = criterion;
  const change = (to: string): void => {
    if (isGroup(to)) return editing.edit((text) => regrouped(text, path, criterion, to));
    const fields = new Map(RULE_SCHEMA.settingsOf(to).map(({ key, field }) => [key, field]));
    editing.edit((text) => rekeyed(text, path, criterion, to, (key, value) => accepts(fields.get(key), value)));
  };
  return (
    <select className={`${BOX} max-w-full font-semibold`} disabled={editing.isLocked} aria-label={t('studio.kindOf')} value={keyword} onChange={({ target }) => change(target.value)}>
      {(isGroup(keyword) ? GROUPS : RULE_SCHEMA.leaves).map((one) => (
        <option key={one} value={one}>
          {called(CRITERIA, one, language)}
        </option>
      ))}
    </select>
  );
};

interface Placed {
  readonly value: unknown;
  readonly path: Path;
  readonly editing: CriteriaEditing;
  /** The list that holds it, and how many that has. */
  readonly within?: { readonly list: Path; readonly at: number; readonly of: number };
}

/** One criterion: what it asks, in words; what can be changed about it; and how many meet it. */
export const CriterionCard = ({ value, path, editing, within }: Placed) => {
  const { t, number, language } = useLanguage();
  const criterion = readCriterion(value);
  if (!criterion || !(criterion.keyword in CRITERIA)) return <p className="rounded-card border border-wrong p-3 text-sm text-wrong">{t('studio.noCriterion')}</p>;
  const { keyword, body } = criterion;
  const { label, met } = editing.said(tracePath(path, keyword));
  const group = partsOf(path, criterion);
  const name = label ?? called(CRITERIA, keyword, language);
  const canOpen = keyword === 'not' || group?.parts.length === 1;
  const { edit } = editing;
  return (
    <div role="group" aria-label={name} className={`rounded-card border p-3 ${isGroup(keyword) ? 'bg-paper' : 'bg-surface'}`}>
      <div className="flex flex-wrap items-center gap-x-1 gap-y-2">
        <KeywordChoice path={path} criterion={criterion} editing={editing} />
        {!editing.isLocked && (
          <div className="ml-auto flex items-center">
            {within && within.of > 1 && (
              <>
                <button type="button" className={ICON} disabled={within.at === 0} aria-label={t('studio.up', { what: name })} title={t('studio.up', { what: '' })} onClick={() => edit((text) => withEntryAt(text, within.list, within.at, within.at - 1))}>
                  <ArrowUp size={16} aria-hidden="true" />
                </button>
                <button type="button" className={ICON} disabled={within.at === within.of - 1} aria-label={t('studio.down', { what: name })} title={t('studio.down', { what: '' })} onClick={() => edit((text) => withEntryAt(text, within.list, within.at, within.at + 1))}>
                  <ArrowDown size={16} aria-hidden="true" />
                </button>
              </>
            )}
            {canOpen ? (
              <button type="button" className={ICON} aria-label={t('studio.ungroup', { what: name })} title={t('studio.ungroup', { what: '' })} onClick={() => edit((text) => opened(text, path, criterion))}>
                <Ungroup size={16} aria-hidden="true" />
              </button>
            ) : (
              <button type="button" className={ICON} aria-label={t('studio.group', { what: name })} title={t('studio.group', { what: '' })} onClick={() => edit((text) => grouped(text, path, 'any'))}>
                <GroupIcon size={16} aria-hidden="true" />
              </button>
            )}
            {within && within.of > 1 && (
              <button type="button" className={`${ICON} hover:text-wrong`} aria-label={t('studio.takeOut', { what: name })} title={t('studio.takeOut', { what: '' })} onClick={() => edit((text) => withoutEntry(text, within.list, within.at))}>
                <Trash2 size={16} aria-hidden="true" />
              </button>
            )}
          </div>
        )}
      </div>
      {!isGroup(keyword) && <p className="mt-1.5 text-sm text-quiet">{label ?? CRITERIA[keyword]?.about[language]}</p>}
      {met && met.of > 0 && (
        <div className="mt-2 flex items-center gap-3 text-xs text-quiet">
          <span className="h-1.5 grow overflow-hidden rounded-full bg-line" aria-hidden="true">
            <span className="block h-full rounded-full bg-chart" style={{ width: `${(100 * met.alone) / met.of}%` }} />
          </span>
          {t('studio.metBy', { count: met.alone, met: number(met.alone), of: number(met.of) })}
        </div>
      )}
      <div className="mt-3">
        {!isGroup(keyword) && <Settings keys={RULE_SCHEMA.settingsOf(keyword)} value={body} path={[...path, keyword]} editing={editing} />}
        {keyword === 'some' && <Settings keys={RULE_SCHEMA.settingsOf('some').filter(({ key }) => key !== 'of')} value={body} path={[...path, keyword]} editing={editing} />}
        {keyword === 'not' && <CriterionCard value={body} path={[...path, keyword]} editing={editing} />}
        {group && (
          <div className={`grid grid-cols-1 gap-3 ${keyword === 'some' ? 'mt-3' : ''}`}>
            {group.parts.map((part, i) => (
              <CriterionCard key={i} value={part} path={[...group.list, i]} editing={editing} within={{ list: group.list, at: i, of: group.parts.length }} />
            ))}
            {!editing.isLocked && <AddCriterion label={t('studio.addCriterion')} onAdd={(fresh) => edit((text) => added(text, path, criterion, fresh))} />}
          </div>
        )}
      </div>
    </div>
  );
};
