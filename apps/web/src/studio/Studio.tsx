import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { History, Redo2, Save, Undo2 } from 'lucide-react';
import { Tabs } from 'radix-ui';
import { useEffect, useMemo, useRef, useState } from 'react';
import { AskError } from '../api/ask.ts';
import { BadgeArt } from '../design/BadgeArt.tsx';
import { Button, buttonLook } from '../design/Button.tsx';
import { Card } from '../design/Card.tsx';
import { Confirm } from '../design/Confirm.tsx';
import { PageTitle } from '../design/PageTitle.tsx';
import { useLanguage } from '../language.ts';
import { Advice } from './Advice.tsx';
import { useBacktest } from './backtest.ts';
import { Builder } from './Builder.tsx';
import { Cases } from './Cases.tsx';
import type { CriteriaEditing } from './CriterionCard.tsx';
import { discardDraft, draftQuery, keep, keptOf, saveDraft, type Written } from './drafts.ts';
import { Meaning } from './Meaning.tsx';
import { OnRecord } from './OnRecord.tsx';
import { Publish } from './Publish.tsx';
import { casesQuery, lintQuery, proposalsQuery } from './queries.ts';
import { Retire } from './Retire.tsx';
import { readText, withValue } from './rule-text.ts';
import { useSettled } from './settled.ts';
import { useNames, useSuggest } from './suggestions.ts';
import { TextEditor, type EditorHandle, type Mark } from './TextEditor.tsx';
import type { Backtest, Draft, Lint, RuleDetail } from './types.ts';
import { useIsWide } from './wide.ts';

const LOOK_AFTER = 250;
const TRY_AFTER = 600;

interface Opened {
  readonly badge: string;
  readonly versions: readonly RuleDetail[];
  readonly draft: Draft | null;
  /** The example cases beside its file. */
  readonly fileCases: string;
  readonly mayChange: boolean;
}

const partsIn = (parts: Backtest['funnel'][number]['parts']): readonly { readonly path: string; readonly alone: number }[] => (parts ?? []).flatMap((part) => [part, ...partsIn(part.parts)]);

const labelsIn = (sentence: NonNullable<Lint['sentences']>): readonly { readonly path: string; readonly label: Readonly<Record<string, string>> }[] => [sentence, ...(sentence.parts ?? []).flatMap(labelsIn)];

/** A rule on the bench: builder and text side by side, and beside them what it means, what it comes to and what can be better. */
export const Studio = ({ badge, versions, draft, fileCases, mayChange }: Opened) => {
  const { t, say, time } = useLanguage();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const editor = useRef<EditorHandle>(null);
  const title = useRef<HTMLHeadingElement>(null);
  const isWide = useIsWide();
  const newest = versions[0];
  const live = newest && !newest.retired ? newest : undefined;
  const saved: Written = { source: draft?.source ?? newest?.source ?? '', cases: draft?.cases ?? fileCases };
  const [kept] = useState(() => (mayChange ? keptOf(badge) : undefined));
  const [atFirst, setAtFirst] = useState(kept);
  const [text, setText] = useState(kept?.source ?? saved.source);
  const [cases, setCases] = useState(kept?.cases ?? saved.cases);
  const [steps, setSteps] = useState({ undo: 0, redo: 0 });
  const [tab, setTab] = useState<'builder' | 'text'>('builder');
  const [done, setDone] = useState<string>();
  /** The editor of the cases is another one when its text came from elsewhere. */
  const [round, setRound] = useState(0);

  const isSaved = text === saved.source && cases === saved.cases;
  useEffect(() => keep(badge, isSaved ? undefined : { source: text, cases, at: new Date().toISOString() }), [badge, text, cases, isSaved]);

  // Who has changed nothing sees what others save and publish.
  const follow = useRef(saved);
  useEffect(() => {
    const before = follow.current;
    follow.current = { source: saved.source, cases: saved.cases };
    if (before.source !== saved.source && text === before.source) editor.current?.apply(saved.source);
    if (before.cases !== saved.cases && cases === before.cases) setCases(saved.cases);
  }, [saved.source, saved.cases, text, cases]);

  const looked = useSettled(text, LOOK_AFTER);
  const lint = useQuery({ ...lintQuery(looked), enabled: mayChange });
  const notYours = lint.error instanceof AskError && (lint.error.status === 403 || lint.error.status === 404);
  // What somebody has changed stays theirs to change back.
  const isLocked = !mayChange || (notYours && text === saved.source);
  const isLate = looked !== text || lint.isPlaceholderData || lint.isFetching;
  const isOther = (lint.data?.rule ?? null) !== null && lint.data?.rule?.badge !== badge;
  const isRule = (lint.data?.rule ?? null) !== null && !notYours;
  const tried = useSettled(isRule && !isLate ? looked : undefined, TRY_AFTER);
  const trying = useBacktest(mayChange && tried !== undefined ? { source: tried, ...(live && live.source !== tried && { against: live.version }) } : undefined);
  const settledCases = useSettled(cases, LOOK_AFTER);
  const test = useQuery({ ...casesQuery(looked, settledCases), enabled: mayChange && isRule && settledCases !== '' });

  const { data: proposals } = useQuery({ ...proposalsQuery(), enabled: mayChange });
  const retiring = proposals?.items.some((one) => one.badge === badge && one.change === 'retire' && !one.stale) ?? false;

  const value = useMemo(() => readText(text).value, [text]);
  // While the text is broken it is for the course that it was for.
  const said = value ? value['course'] : (draft?.course ?? newest?.course);
  const course = typeof said === 'string' || typeof said === 'number' ? String(said) : '';
  const names = useNames(course);
  const suggest = useSuggest(names);
  const nameIn = value?.['name'];
  const texts = typeof nameIn === 'object' && nameIn !== null ? Object.fromEntries(Object.entries(nameIn).filter((entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== '')) : {};
  const name = say(texts) === '' ? badge : say(texts);

  const edit = (change: (before: string) => string): void => {
    setDone(undefined);
    editor.current?.apply(change(text));
  };
  const labels = useMemo(() => new Map(lint.data?.sentences ? labelsIn(lint.data.sentences).map(({ path, label }) => [path, label]) : []), [lint.data]);
  const met = useMemo(() => new Map(trying.result ? trying.result.funnel.flatMap((stage) => [stage, ...partsIn(stage.parts)]).map(({ path, alone }) => [path, alone]) : []), [trying.result]);
  const editing: CriteriaEditing = {
    names,
    isLocked,
    rule: text,
    edit,
    set: (path, to) => edit((before) => withValue(before, path, to)),
    said: (trace) => {
      const label = labels.get(trace);
      // Places move with each change: numbers are those of what was tried alone.
      const alone = tried === text && !trying.isRunning ? met.get(trace) : undefined;
      return { ...(label && { label: say(label) }), ...(alone !== undefined && trying.result && { met: { alone, of: trying.result.eligible } }) };
    },
  };
  const marks = useMemo<readonly Mark[]>(
    () => [
      ...(lint.data?.diagnostics ?? []).map(({ line, column, message, expected, severity = 'error' }) => ({ line, column, message: expected === undefined ? message : `${message} (${expected})`, severity })),
      ...(lint.data?.findings ?? []).map(({ line, column, message, severity }) => ({ line, column, message: say(message), severity: severity === 'advice' ? ('info' as const) : severity })),
    ],
    // `say` is another one each time, and says the same for the same language.
    [lint.data, t],
  );
  const goTo = (line: number, column: number): void => {
    setTab('text');
    setTimeout(() => editor.current?.goTo(line, column)); // once it is shown
  };

  const saving = useMutation({
    mutationFn: (over: boolean) => saveDraft(badge, course, { source: text, cases }, over ? undefined : (draft?.revision ?? 0)),
    onSuccess: (fresh) => {
      queries.setQueryData(['rules', 'draft', badge], fresh);
      void queries.invalidateQueries({ queryKey: ['rules', 'drafts'] });
      setAtFirst(undefined);
    },
  });
  const isConflict = saving.error instanceof AskError && saving.error.status === 409;
  const loadTheirs = async (): Promise<void> => {
    const fresh = await queries.fetchQuery({ ...draftQuery(badge), staleTime: 0 });
    saving.reset();
    setRound(round + 1);
    editor.current?.apply(fresh?.source ?? saved.source);
    setCases(fresh?.cases ?? fileCases);
  };
  const giveUp = async (): Promise<void> => {
    const fresh = await discardDraft(badge, draft?.revision ?? 0);
    queries.setQueryData(['rules', 'draft', badge], fresh);
    void queries.invalidateQueries({ queryKey: ['rules', 'drafts'] });
    if (!newest) return void navigate({ to: '/rules' });
    editor.current?.apply(newest.source);
    setCases(fresh.cases ?? fileCases);
    setRound(round + 1);
  };
  const discard = (): void => {
    editor.current?.apply(saved.source);
    setCases(saved.cases);
    setRound(round + 1);
    setAtFirst(undefined);
  };

  const state = isSaved && newest?.source === text ? t('studio.unchanged') : newest ? t('studio.changed', { version: newest.version }) : t('studio.never');
  const near = trying.result ? [...trying.result.nearMisses, ...trying.result.first].map(({ learner }) => learner) : [];
  return (
    <div onKeyDown={(event) => {
      if ((event.ctrlKey || event.metaKey) && event.code === 'KeyS' && !isLocked) {
        event.preventDefault();
        if (!isSaved && !saving.isPending) saving.mutate(false);
      }
    }}>
      <div className="mb-5 flex flex-wrap items-center gap-x-5 gap-y-3">
        {newest && <BadgeArt badge={badge} size={64} faded={newest.retired !== undefined} />}
        <div className="min-w-0 basis-60 grow">
          <PageTitle ref={title} tabIndex={-1} className="text-xl">{name}</PageTitle>
          <p className="mt-1 flex flex-wrap gap-x-3 text-sm text-quiet">
            <span>{badge}</span>
            {newest?.retired ? <span className="text-wrong">{t('studio.retired')}</span> : newest && <span className="text-met">{t('studio.live', { version: newest.version })}</span>}
            <span>{state}</span>
            {(draft?.source ?? null) !== null && isSaved && <span>{t('studio.draft')}</span>}
            {!isSaved && !isLocked && <span className="text-near">{t('studio.unsaved')}</span>}
          </p>
        </div>
        <div className="flex flex-wrap items-center gap-2">
          {newest && (
            <Link to="/rules/$badge/history" params={{ badge }} className={buttonLook('plain')}>
              <History size={16} aria-hidden="true" />
              {t('studio.history')}
            </Link>
          )}
          {live && !isLocked && !retiring && (
            <Retire badge={badge} name={name} isHighStakes={live.stakes === 'high'} onDone={() => (setDone(undefined), title.current?.focus())} />
          )}
          {!isLocked && (
            <>
              <Button aria-label={t('studio.undo')} title={t('studio.undo')} disabled={steps.undo === 0} onClick={() => editor.current?.undo()}>
                <Undo2 size={16} aria-hidden="true" />
              </Button>
              <Button aria-label={t('studio.redo')} title={t('studio.redo')} disabled={steps.redo === 0} onClick={() => editor.current?.redo()}>
                <Redo2 size={16} aria-hidden="true" />
              </Button>
              {(draft?.source ?? null) !== null && <Confirm ask={t('studio.discardDraft')} title={t('studio.discardTitle')} about={t('studio.discardAbout')} act={t('studio.discardNow')} run={giveUp} />}
              <Button disabled={isSaved || saving.isPending} onClick={() => saving.mutate(false)}>
                <Save size={16} aria-hidden="true" />
                {t('studio.saveDraft')}
              </Button>
              <Publish
                source={text} name={name} liveVersion={live?.version ?? 0} isReady={isRule && !isLate && !isOther} saveFirst={isSaved ? undefined : () => saving.mutateAsync(false)} isHighStakes={lint.data?.rule?.stakes === 'high' || newest?.stakes === 'high'}
                onDone={(submitted) => setDone(submitted.outcome === 'proposed' ? t('studio.proposed') : t('studio.publishedNow', { version: submitted.version }))}
              />
            </>
          )}
        </div>
      </div>
      <div role="status" className="empty:hidden mb-4 grid gap-2 text-sm">
        {isOther && <p className="text-near">{t('studio.otherBadge', { badge })}</p>}
        {live && draft && draft.source !== null && draft.basedOn !== live.version && <p className="text-near">{t('studio.basedOn', { version: live.version })}</p>}
        {newest?.retired && (
          <p className="text-quiet">
            {t('studio.retiredSince', { date: time(newest.retired.at), reason: newest.retired.reason })}
            <span className="block">{t('studio.retiredMeans')}</span>
          </p>
        )}
        {retiring && <p className="text-near">{t('studio.retireWaits')}</p>}
        {(isLocked || notYours) && <p className="text-quiet">{t(notYours ? 'studio.notYours' : 'studio.look')}</p>}
        {done !== undefined && <p className="font-medium text-met">{done}</p>}
        {saving.isSuccess && isSaved && <p className="text-met">{t('studio.savedDraft')}</p>}
        {atFirst && !isSaved && !isLocked && (
          <p>
            {t('studio.kept', { time: time(atFirst.at) })}{' '}
            <button type="button" className="min-h-9 text-accent underline" onClick={discard}>
              {t('studio.discard')}
            </button>
          </p>
        )}
        {isConflict && (
          <p className="text-near">
            {t('studio.someoneSaved')}{' '}
            <button type="button" className="min-h-9 text-accent underline" onClick={() => void loadTheirs()}>
              {t('studio.loadTheirs')}
            </button>{' '}
            <button type="button" className="min-h-9 text-accent underline" onClick={() => saving.mutate(true)}>
              {t('studio.saveOver')}
            </button>
          </p>
        )}
        {saving.error && !isConflict && <p className="text-wrong">{t('confirm.failed', { why: saving.error.message })}</p>}
      </div>
      <div className="grid grid-cols-1 items-start gap-5 lg:grid-cols-2 min-[87.5rem]:grid-cols-[minmax(0,5fr)_minmax(0,4fr)_minmax(0,4fr)]">
        <Tabs.Root value={tab} onValueChange={(to) => setTab(to === 'text' ? 'text' : 'builder')} className="min-w-0 min-[87.5rem]:contents">
          {!isWide && (
            <Tabs.List aria-label={name} className="mb-3 inline-flex rounded-card border bg-surface p-1">
              {(['builder', 'text'] as const).map((one) => (
                <Tabs.Trigger key={one} value={one} aria-controls={`studio-${one}`} className="min-h-9 rounded-[7px] px-4 text-sm text-quiet data-[state=active]:bg-accent data-[state=active]:text-on-accent">
                  {t(`studio.${one}`)}
                </Tabs.Trigger>
              ))}
            </Tabs.List>
          )}
          <div id="studio-builder" role={isWide ? 'group' : 'tabpanel'} aria-label={t('studio.builder')} className={`min-w-0 ${tab === 'builder' ? '' : 'hidden'} min-[87.5rem]:block`}>
            <Card>
              <Builder text={text} editing={editing} />
            </Card>
          </div>
          <div id="studio-text" role={isWide ? 'group' : 'tabpanel'} aria-label={t('studio.text')} className={`h-[min(46rem,80dvh)] min-w-0 overflow-hidden rounded-card border bg-surface shadow-card min-[87.5rem]:sticky min-[87.5rem]:top-5 ${tab === 'text' ? '' : 'hidden'} min-[87.5rem]:block`}>
            <TextEditor text={text} label={t('studio.textOf')} readOnly={isLocked} marks={marks} suggest={suggest} handle={editor} onChange={(changed, depth) => (setText(changed), setSteps(depth))} />
          </div>
        </Tabs.Root>
        <div className="grid min-w-0 grid-cols-1 gap-5">
          {!isLocked && (
            <>
              <Meaning lint={lint.data} error={notYours ? null : lint.error} isLate={isLate} goTo={goTo} />
              <OnRecord trying={trying} isReady={isRule} against={live?.version ?? 0} />
              <Advice lint={lint.data} goTo={goTo} />
            </>
          )}
          <Cases key={round} source={looked} cases={cases} test={test.data} isReadOnly={isLocked} learners={[...new Set(near)]} onChange={setCases} />
        </div>
      </div>
    </div>
  );
};
