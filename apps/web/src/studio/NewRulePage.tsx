import './texts.ts';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { meQuery } from '../api/queries.ts';
import { Button } from '../design/Button.tsx';
import { Card } from '../design/Card.tsx';
import { PageTitle } from '../design/PageTitle.tsx';
import { FIELD } from '../design/field.ts';
import { useLanguage } from '../language.ts';
import { draftsQuery, keep, keptOf } from './drafts.ts';
import { rulesQuery } from './queries.ts';
import { idOf, newRule, ownCourses, STARTS, type Start } from './starts.ts';
import { useNames } from './suggestions.ts';

/** Ids that stand in addresses for something else. */
const RESERVED: readonly string[] = ['new', 'backtest', 'case', 'diagnostics', 'drafts', 'lint', 'names', 'proposals', 'test'];

/** Where a new badge begins: its name, its course, and what it asks to begin with. */
export const NewRulePage = () => {
  const { t, language } = useLanguage();
  const navigate = useNavigate();
  const { data: me } = useQuery(meQuery());
  const { data: rules } = useQuery(rulesQuery());
  const { data: drafts } = useQuery(draftsQuery());
  const names = useNames('');
  const [en, setEn] = useState('');
  const [ko, setKo] = useState('');
  const [typedId, setTypedId] = useState<string>();
  const [course, setCourse] = useState<string>();
  const [start, setStart] = useState<Start>('attendance');
  const own = me?.kind === 'person' && !me.roles.includes('admin') ? me.courses : undefined;
  const known = names?.courses ?? [];
  const courses = own ? ownCourses(own, known) : known;
  const badge = typedId ?? idOf(en);
  const taken = RESERVED.includes(badge) || [...(rules?.items ?? []), ...(drafts?.items ?? [])].some((one) => one.badge === badge);
  const isKnown = rules !== undefined && drafts !== undefined;
  const chosen = course ?? courses[0]?.id ?? '';
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (taken || !isKnown) return;
    // What was begun here under this name and not saved goes on.
    if (!keptOf(badge)) keep(badge, { source: newRule({ badge, name: { en, ko }, course: chosen, start }), cases: '', at: new Date().toISOString() });
    void navigate({ to: '/rules/$badge', params: { badge } });
  };
  const inputs = [['en', en, setEn], ['ko', ko, setKo]] as const;
  return (
    <div className="mx-auto max-w-2xl">
      <PageTitle className="text-xl">{t('studio.newTitle')}</PageTitle>
      <p className="mt-1 mb-5 text-quiet">{t('studio.newLead')}</p>
      <Card>
        <form onSubmit={submit} className="grid gap-5">
          {(language === 'ko' ? inputs.toReversed() : inputs).map(([of, value, set]) => (
            <label key={of} className="grid gap-1.5 text-sm text-quiet">
              {t('studio.badgeName')} ({of === 'ko' ? '한국어' : 'English'})
              <input className={`${FIELD} text-base text-ink`} lang={of} required={of === 'en' && ko === ''} maxLength={200} value={value} onChange={({ target }) => set(target.value)} />
            </label>
          ))}
          <label className="grid gap-1.5 text-sm text-quiet">
            {t('studio.badgeId')}
            <input className={`${FIELD} text-base text-ink`} required pattern="[a-z0-9][a-z0-9\-]*" maxLength={64} value={badge} aria-describedby="id-about" aria-invalid={taken} onChange={({ target }) => setTypedId(target.value)} />
            <span id="id-about" className={taken ? 'text-wrong' : ''}>
              {t(taken ? 'studio.idTaken' : 'studio.badgeIdAbout')}
            </span>
          </label>
          <label className="grid gap-1.5 text-sm text-quiet">
            {t('studio.inCourse')}
            {courses.length > 0 ? (
              <select className={`${FIELD} text-base text-ink`} value={chosen} onChange={({ target }) => setCourse(target.value)}>
                {courses.map(({ id, title }) => (
                  <option key={id} value={id}>
                    {title === undefined ? id : `${title} (${id})`}
                  </option>
                ))}
              </select>
            ) : (
              <input className={`${FIELD} text-base text-ink`} required value={chosen} onChange={({ target }) => setCourse(target.value)} />
            )}
          </label>
          <fieldset className="grid gap-3 sm:grid-cols-2">
            <legend className="mb-1.5 text-sm text-quiet">{t('studio.start')}</legend>
            {STARTS.map((one) => (
              <label key={one} className={`block cursor-pointer rounded-card border p-4 has-focus-visible:outline-2 has-focus-visible:outline-accent ${start === one ? 'border-accent' : ''}`}>
                <input type="radio" name="start" className="sr-only" checked={start === one} onChange={() => setStart(one)} />
                <span className="block font-semibold">{t(`studio.starts.${one}.name`)}</span>
                <span className="block text-sm text-quiet">{t(`studio.starts.${one}.about`)}</span>
              </label>
            ))}
          </fieldset>
          <Button type="submit" look="primary" className="justify-self-start" disabled={taken || !isKnown}>
            {t('studio.begin')}
          </Button>
        </form>
      </Card>
    </div>
  );
};
