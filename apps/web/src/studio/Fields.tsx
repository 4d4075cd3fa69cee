import { Plus, X } from 'lucide-react';
import { useId, useState, type InputHTMLAttributes } from 'react';
import { BOX, FIELD } from '../design/field.ts';
import { Button } from '../design/Button.tsx';
import { useLanguage } from '../language.ts';
import { called, CHOICES, CRITERIA, KEYS } from './rule-words.ts';
import { startOf, type Field, type Key } from './schema.ts';
import { namesFor, type RuleNames } from './suggestions.ts';
import type { Path } from './rule-text.ts';

/** What changes the values of a rule, and what they may be. */
export interface Editing {
  readonly names: RuleNames | undefined;
  readonly isLocked: boolean;
  /** The rule's text, as it is. */
  readonly rule: string;
  readonly set: (path: Path, value: unknown) => void;
}

interface Filled<F extends Field = Field> {
  readonly field: F;
  readonly value: unknown;
  readonly path: Path;
  readonly label: string;
  readonly editing: Editing;
}

const members = (value: unknown): Readonly<Record<string, unknown>> => (typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {});

/** A choice is as wide as the room it stands in where that is narrow, and as its words elsewhere. */
const CHOICE = `${BOX} w-full @xs:w-auto @xs:max-w-full`;

const keyOf = (path: Path): string | undefined => path.findLast((step): step is string => typeof step === 'string');

/** Whether what is typed is a number that a rule can take. */
const fits = (text: string, isWhole: boolean): boolean => text.trim() !== '' && Number.isFinite(Number(text)) && (!isWhole || Number.isInteger(Number(text)));

interface Takes {
  readonly rule: string;
  readonly known: string;
  /** Whether the rule can take what is typed. */
  readonly takes: (text: string) => boolean;
  /** Whether the rule says what is typed, be it in other characters. */
  readonly says: (text: string) => boolean;
}

/** What somebody types is theirs while the rule says it, or cannot take it and has not changed since; else it is forgotten for what the rule says. */
const useTyped = ({ rule, known, takes, says }: Takes): readonly [string, (typed: string) => void] => {
  const [typed, setTyped] = useState<{ readonly of: string; readonly text: string }>();
  const isTheirs = typed && (takes(typed.text) ? says(typed.text) : typed.of === rule);
  if (typed && !isTheirs) setTyped(undefined); // or it came back with the text that it was typed for
  return [typed && isTheirs ? typed.text : known, (text) => setTyped({ of: rule, text })];
};

interface Typed {
  readonly label: string;
  readonly width: string;
  readonly shown: string;
  /** What the rule says, whatever is typed; '' for nothing. */
  readonly known: string;
  readonly isWrong: boolean;
  readonly isWhole: boolean;
  readonly isLocked: boolean;
  readonly attributes: InputHTMLAttributes<HTMLInputElement>;
  readonly onChange: (text: string) => void;
}

/** A number to type, and what is wrong where that is none which the rule can take: it keeps the one before. */
const Amount = ({ label, width, shown, known, isWrong, isWhole, isLocked, attributes, onChange }: Typed) => {
  const { t } = useLanguage();
  const about = useId();
  return (
    <span className="block min-w-0">
      <input type="number" aria-label={label} aria-invalid={isWrong} aria-describedby={about} className={`${BOX} ${width} max-w-full ${isWrong ? 'border-wrong' : ''}`} disabled={isLocked} value={shown} onChange={({ target }) => onChange(target.value)} {...attributes} />
      <span id={about} aria-live="polite" className="block text-sm text-wrong not-empty:mt-1">
        {isWrong && [t(isWhole ? 'studio.wholeNeeded' : 'studio.numberNeeded'), ...(known === '' ? [] : [t('studio.numberKept', { number: known })])].join(' ')}
      </span>
    </span>
  );
};

const NumberInput = ({ field, value, path, label, editing }: Filled<Extract<Field, { kind: 'number' }>>) => {
  const known = typeof value === 'number' ? String(value) : '';
  const takes = (text: string): boolean => fits(text, field.whole);
  const says = (text: string): boolean => Number(text) === value;
  const [shown, setTyped] = useTyped({ rule: editing.rule, known, takes, says });
  const change = (text: string): void => {
    setTyped(text);
    if (takes(text) && !says(text)) editing.set(path, Number(text));
  };
  const attributes = { inputMode: field.whole ? ('numeric' as const) : ('decimal' as const), step: field.whole ? 1 : 'any', min: field.min, max: field.max };
  return <Amount label={label} width="w-28" shown={shown} known={known} isWrong={!editing.isLocked && !takes(shown)} isWhole={field.whole} isLocked={editing.isLocked} attributes={attributes} onChange={change} />;
};

const TextInput = ({ value, path, label, editing, isLong = false }: Filled & { readonly isLong?: boolean }) => {
  const { say } = useLanguage();
  const list = useId();
  const names = namesFor(keyOf(path), editing.names, say);
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  const shared = { 'aria-label': label, disabled: editing.isLocked, value: text, onChange: ({ target }: { readonly target: { readonly value: string } }) => editing.set(path, target.value) };
  if (isLong) return <textarea rows={3} className={`${FIELD} py-2`} {...shared} />;
  return (
    <>
      <input className={FIELD} {...shared} {...(names.length > 0 && { list })} />
      {names.length > 0 && (
        <datalist id={list}>
          {names.map(({ id, name }) => (
            <option key={id} value={id} label={name ?? id} />
          ))}
        </datalist>
      )}
    </>
  );
};

const listed = (value: unknown): readonly string[] => ((Array.isArray(value) ? (value as readonly unknown[]) : [value]).flatMap((one) => (typeof one === 'string' || typeof one === 'number' ? (one === '' ? [] : [String(one)]) : [])));

/** Several texts, or several words: each is taken out by itself, and another one put in. */
const TextsInput = ({ field, value, path, label, editing }: Filled<Extract<Field, { kind: 'texts' }>>) => {
  const { t, language, say } = useLanguage();
  const list = useId();
  const [typed, setTyped] = useState('');
  const there = listed(value);
  const nameOf = new Map(namesFor(keyOf(path), editing.names, say).map(({ id, name }) => [id, name]));
  const change = (to: readonly string[]): void => editing.set(path, to.length === 1 ? to[0] : to.length === 0 ? [] : to);
  const add = (text: string): void => {
    const more = text.split(',').map((one) => one.trim()).filter((one) => one !== '' && !there.includes(one));
    if (more.length > 0) change([...there, ...more]);
    setTyped('');
  };
  const { options } = field;
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-1.5" role="group" aria-label={label}>
      {there.map((one) => (
        <span key={one} className="inline-flex min-h-8 items-center gap-1 rounded-full border bg-paper pl-3 text-sm" title={nameOf.get(one)}>
          {options ? called(CHOICES, one, language) : one}
          {editing.isLocked ? <span className="pr-3" /> : (
            <button type="button" className="inline-flex size-8 items-center justify-center text-quiet hover:text-wrong" aria-label={t('studio.takeOut', { what: one })} onClick={() => change(there.filter((other) => other !== one))}>
              <X size={14} aria-hidden="true" />
            </button>
          )}
        </span>
      ))}
      {!editing.isLocked && options && (
        <select className={CHOICE} aria-label={t('studio.addTo', { what: label })} value="" onChange={({ target }) => add(target.value)}>
          <option value="">{t('studio.add')}</option>
          {options.filter((one) => !there.includes(one)).map((one) => (
            <option key={one} value={one}>
              {called(CHOICES, one, language)}
            </option>
          ))}
        </select>
      )}
      {!editing.isLocked && !options && (
        <>
          <input
            className={`${BOX} w-40 max-w-full min-w-0 grow`} list={list} value={typed} placeholder={t('studio.add')} aria-label={t('studio.addTo', { what: label })}
            onChange={({ target }) => (nameOf.has(target.value) ? add(target.value) : setTyped(target.value))}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
              event.preventDefault();
              add(typed);
            }}
            onBlur={() => add(typed)}
          />
          <datalist id={list}>
            {[...nameOf].filter(([id]) => !there.includes(id)).map(([id, name]) => (
              <option key={id} value={id} label={name ?? id} />
            ))}
          </datalist>
        </>
      )}
    </div>
  );
};

const SPAN = /^(\d{1,5}) (hour|day|week)s?$/;
const AMOUNT = /^\d{1,5}$/;
const UNITS = ['hour', 'day', 'week'] as const;

const SpanInput = ({ value, path, label, editing }: Filled) => {
  const { t } = useLanguage();
  const [, amount = '', unit = 'day'] = SPAN.exec(typeof value === 'string' ? value : '') ?? [];
  const [typed, setTyped] = useTyped({ rule: editing.rule, known: amount, takes: (text) => AMOUNT.test(text), says: (text) => text === amount });
  const put = (to: string, of: string): void => {
    if (AMOUNT.test(to)) editing.set(path, `${to} ${of}${to === '1' ? '' : 's'}`);
  };
  return (
    <span className="flex flex-wrap gap-2" role="group" aria-label={label}>
      <Amount label={label} width="w-24" shown={typed} known={amount} isWrong={!editing.isLocked && !AMOUNT.test(typed)} isWhole isLocked={editing.isLocked} attributes={{ min: 1 }} onChange={(text) => (setTyped(text), put(text, unit))} />
      <select className={`${BOX} min-w-24 grow @xs:grow-0`} disabled={editing.isLocked} aria-label={t('studio.unit')} value={unit} onChange={({ target }) => put(amount, target.value)}>
        {UNITS.map((one) => (
          <option key={one} value={one}>
            {t(`studio.units.${one}`)}
          </option>
        ))}
      </select>
    </span>
  );
};

const ChoiceInput = ({ field, value, path, label, editing }: Filled<Extract<Field, { kind: 'choice' }>>) => {
  const { language } = useLanguage();
  return (
    <select className={CHOICE} disabled={editing.isLocked} aria-label={label} value={typeof value === 'string' ? value : ''} onChange={({ target }) => editing.set(path, target.value)}>
      {(typeof value !== 'string' || !field.options.includes(value)) && <option value={typeof value === 'string' ? value : ''}>{typeof value === 'string' ? value : ''}</option>}
      {field.options.map((one) => (
        <option key={one} value={one}>
          {called(CHOICES, one, language, keyOf(path))}
        </option>
      ))}
    </select>
  );
};

/** A word, or else something that is no single word. */
const EitherInput = ({ field, value, path, label, editing }: Filled<Extract<Field, { kind: 'either' }>>) => {
  const { language, t } = useLanguage();
  const words = field.options.flatMap((one) => (one.kind === 'choice' ? one.options : []));
  const others = field.options.filter((one) => one.kind !== 'choice');
  const other = typeof value === 'string' ? -1 : others.findIndex((one) => (typeof value === 'number' ? one.kind === 'number' : one.kind === 'mapping'));
  const nameOf = (one: Field): string => (one.kind === 'mapping' ? one.keys.map(({ key }) => called(KEYS, key, language)).join(', ') : t('studio.aNumber'));
  const choose = (chosen: string): void => {
    const at = Number(chosen.slice(1));
    editing.set(path, chosen.startsWith('#') ? startOf(others[at] ?? { kind: 'text' }) : chosen);
  };
  const chosen = others[other];
  const only = chosen?.kind === 'mapping' && chosen.keys.length === 1 ? chosen.keys[0] : undefined;
  return (
    <div className="flex w-full min-w-0 flex-wrap items-center gap-2 @xs:w-auto">
      <select className={CHOICE} disabled={editing.isLocked} aria-label={label} value={typeof value === 'string' ? value : `#${other}`} onChange={({ target }) => choose(target.value)}>
        {words.map((one) => (
          <option key={one} value={one}>
            {called(CHOICES, one, language, keyOf(path))}
          </option>
        ))}
        {others.map((one, i) => (
          <option key={nameOf(one)} value={`#${i}`}>
            {nameOf(one)} …
          </option>
        ))}
      </select>
      {only && <FieldInput field={only.field} value={members(value)[only.key]} path={[...path, only.key]} label={nameOf(chosen ?? only.field)} editing={editing} isInner />}
      {chosen && !only && (
        <div className="w-full">
          <FieldInput field={chosen} value={value} path={path} label={label} editing={editing} isInner />
        </div>
      )}
    </div>
  );
};

const WordsInput = ({ value, path, label, editing }: Filled) => {
  const { language } = useLanguage();
  const texts = members(value);
  const isLong = ['criteria-text', 'competency', 'evidence'].includes(String(path[0]));
  return (
    <div className="grid gap-2">
      {(language === 'ko' ? ['ko', 'en'] : ['en', 'ko']).map((one) => (
        <label key={one} className="grid grid-cols-1 items-start gap-x-2 gap-y-1 @xs:grid-cols-[4rem_minmax(0,1fr)]">
          <span className="text-sm text-quiet @xs:pt-2.5">{called(KEYS, one, language)}</span>
          <TextInput field={{ kind: 'text' }} value={texts[one] ?? ''} path={[...path, one]} label={`${label} (${called(KEYS, one, language)})`} editing={editing} isLong={isLong} />
        </label>
      ))}
    </div>
  );
};

/** Whether what fills a field in consists of several inputs: where it is narrow they get all the room there is, and the way to remove them stands above. */
const hasParts = (field: Field, value: unknown): boolean => field.kind !== 'texts' && typeof value === 'object' && value !== null;

/** The settings in a mapping: those that are there, and a way to the others. */
export const Settings = ({ keys, value, path, editing }: { readonly keys: readonly Key[]; readonly value: unknown; readonly path: Path; readonly editing: Editing }) => {
  const { t, language } = useLanguage();
  const there = members(value);
  const shown = keys.filter(({ key, required }) => required || key in there);
  const others = keys.filter(({ key, required }) => !required && !(key in there));
  return (
    <div className="@container grid grid-cols-1 gap-2.5">
      {shown.map(({ key, field, required }) => (
        <div key={key} className="grid grid-cols-[minmax(0,1fr)_2.25rem] items-start gap-x-2 @xs:grid-cols-[6.5rem_minmax(0,1fr)_2.25rem]">
          <span className={`flex items-center py-1 text-sm text-quiet @xs:col-span-1 @xs:min-h-11 @xs:self-start ${hasParts(field, there[key]) ? 'self-center' : 'col-span-2'}`}>{called(KEYS, key, language)}</span>
          <div className={`min-w-0 @xs:col-span-1 @xs:col-start-2 @xs:row-start-1 ${hasParts(field, there[key]) ? 'col-span-2 row-start-2' : required || editing.isLocked ? 'col-span-2' : ''}`}>
            <FieldInput field={field} value={there[key]} path={[...path, key]} label={called(KEYS, key, language)} editing={editing} />
          </div>
          {!required && !editing.isLocked && (
            <button type="button" className="col-start-2 mt-1 inline-flex size-9 items-center justify-center rounded-card text-quiet hover:text-wrong @xs:col-start-3 @xs:row-start-1" aria-label={t('studio.takeOut', { what: called(KEYS, key, language) })} onClick={() => editing.set([...path, key], undefined)}>
              <X size={16} aria-hidden="true" />
            </button>
          )}
        </div>
      ))}
      {others.length > 0 && !editing.isLocked && (
        <select className="min-h-9 w-fit max-w-full bg-transparent text-sm text-accent" value="" aria-label={t('studio.moreSettings')} onChange={({ target }) => {
          const found = others.find(({ key }) => key === target.value);
          if (found) editing.set([...path, found.key], startOf(found.field));
        }}>
          <option value="">{t('studio.moreSettings')}</option>
          {others.map(({ key }) => (
            <option key={key} value={key}>
              {called(KEYS, key, language)}
            </option>
          ))}
        </select>
      )}
    </div>
  );
};

const ListInput = ({ field, value, path, label, editing }: Filled<Extract<Field, { kind: 'list' }>>) => {
  const { t } = useLanguage();
  const items = Array.isArray(value) ? (value as readonly unknown[]) : [];
  return (
    <div className="grid grid-cols-1 gap-3" role="group" aria-label={label}>
      {items.map((item, i) => (
        <div key={i} className="grid grid-cols-[minmax(0,1fr)_2.25rem] items-start gap-x-2 border-l-2 pl-3">
          <span aria-hidden="true" className="self-center text-sm text-quiet @xs:hidden">
            {label} {i + 1}
          </span>
          <div className={`col-span-2 row-start-2 min-w-0 @xs:row-start-1 ${items.length > 1 ? '@xs:col-span-1' : ''}`}>
            <FieldInput field={field.of} value={item} path={[...path, i]} label={`${label} ${i + 1}`} editing={editing} isInner />
          </div>
          {!editing.isLocked && items.length > 1 && (
            <button type="button" className="col-start-2 row-start-1 inline-flex size-9 items-center justify-center text-quiet hover:text-wrong" aria-label={t('studio.takeOut', { what: `${label} ${i + 1}` })} onClick={() => editing.set(path, items.filter((_, at) => at !== i))}>
              <X size={16} aria-hidden="true" />
            </button>
          )}
        </div>
      ))}
      {!editing.isLocked && (
        <Button look="bare" className="justify-self-start" onClick={() => editing.set(path, [...items, startOf(field.of)])}>
          <Plus size={16} aria-hidden="true" />
          {t('studio.add')}
        </Button>
      )}
    </div>
  );
};

const KeywordedInput = ({ field, value, path, label, editing }: Filled<Extract<Field, { kind: 'keyworded' }>>) => {
  const { language } = useLanguage();
  const [keyword = ''] = Object.keys(members(value));
  const key = field.keys.find((one) => one.key === keyword);
  return (
    <div className="grid grid-cols-1 gap-2 border-l-2 pl-3">
      <select className={`${CHOICE} justify-self-start`} disabled={editing.isLocked} aria-label={label} value={keyword} onChange={({ target }) => editing.set(path, { [target.value]: startOf(field.keys.find((one) => one.key === target.value)?.field ?? { kind: 'text' }) })}>
        {field.keys.map((one) => (
          <option key={one.key} value={one.key}>
            {called(CRITERIA, one.key, language)}
          </option>
        ))}
      </select>
      {key && <FieldInput field={key.field} value={members(value)[keyword]} path={[...path, keyword]} label={label} editing={editing} isInner />}
    </div>
  );
};

/** Whatever fills in a value of a rule. */
export const FieldInput = ({ field, isInner = false, ...filled }: Filled & { readonly isInner?: boolean }) => {
  const { language, t } = useLanguage();
  const { editing, path, value, label } = filled;
  switch (field.kind) {
    case 'number':
      return <NumberInput field={field} {...filled} />;
    case 'choice':
      return <ChoiceInput field={field} {...filled} />;
    case 'texts':
      return <TextsInput field={field} {...filled} />;
    case 'span':
      return <SpanInput field={field} {...filled} />;
    case 'words':
      return <WordsInput field={field} {...filled} />;
    case 'either':
      return <EitherInput field={field} {...filled} />;
    case 'list':
      return <ListInput field={field} {...filled} />;
    case 'keyworded':
      return <KeywordedInput field={field} {...filled} />;
    case 'mapping':
      return (
        <div className={isInner ? '' : 'border-l-2 pl-3'}>
          <Settings keys={field.keys} value={value} path={path} editing={editing} />
        </div>
      );
    case 'date':
      return <input type="date" lang={language} className={CHOICE} disabled={editing.isLocked} aria-label={label} value={typeof value === 'string' ? value : ''} onChange={({ target }) => editing.set(path, target.value)} />;
    case 'flag':
      return (
        <label className="inline-flex min-h-11 items-center gap-2">
          <input type="checkbox" className="size-5 accent-[var(--accent)]" disabled={editing.isLocked} aria-label={label} checked={value === true} onChange={({ target }) => editing.set(path, target.checked)} />
          {value === true ? t('studio.yes') : t('studio.no')}
        </label>
      );
    case 'text':
      return <TextInput field={field} {...filled} />;
    case 'criterion':
      return null; // criteria have cards of their own
  }
};
