import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { BookOpen, CalendarCheck, Check, ChevronRight, CircleDot, Flag, PencilLine, Star, Target } from 'lucide-react';
import { timelineQuery } from '../api/queries.ts';
import type { TimelineEntry, TimelinePage } from '../api/types.ts';
import { Button } from '../design/Button.tsx';
import { Failure } from '../design/Failure.tsx';
import { Skeleton } from '../design/Skeleton.tsx';
import { useLanguage, type Localized } from '../language.ts';
import type { TimelineOf } from '../router.tsx';
import { useMeasure } from './useMeasure.ts';

/** Whether there is a criterion to name; a badge may rest on nothing but what did not happen. */
const isTold = (earnedBy: TimelineEntry['earnedBy']): earnedBy is NonNullable<typeof earnedBy> => earnedBy !== undefined && earnedBy.criteria.length > 0;

const FILTERS = [undefined, 'attendance', 'assignments', 'missions', 'badges'] as const satisfies readonly (TimelineOf | undefined)[];

const iconOf = ({ kind, type }: TimelineEntry) => {
  if (kind === 'award') return <Star size={16} className="text-gold" />;
  if (kind === 'correction') return <PencilLine size={16} className="text-near" />;
  if (type.startsWith('Attendance')) return <CalendarCheck size={16} />;
  if (type.startsWith('Mission')) return <Target size={16} />;
  if (type.startsWith('Assignment')) return <BookOpen size={16} />;
  return type === 'LearnerFlagged' ? <Flag size={16} /> : <CircleDot size={16} />;
};

/** What was met when a badge was earned, each with its value. */
const EarnedBy = ({ earnedBy: { criteria, more } }: { readonly earnedBy: NonNullable<TimelineEntry['earnedBy']> }) => {
  const { t, say } = useLanguage();
  const { amount } = useMeasure();
  return (
    <ul className="mt-0.5 text-sm text-quiet">
      {criteria.map((met, i) => (
        <li key={i} className="flex items-start gap-1.5">
          <Check size={14} className="mt-1 shrink-0 text-met" aria-label={t('path.done')} />
          {/* The page of the award has the whole of it. */}
          <span className="line-clamp-4 min-w-0 sm:line-clamp-2">
            {met.tellsMore && (
              <>
                <span className="font-medium text-ink">{amount(met.value, met.unit)}</span>
                {' · '}
              </>
            )}
            {say(met.label)}
          </span>
        </li>
      ))}
      {more > 0 && <li className="pl-5">{t('timeline.moreMet', { count: more })}</li>}
    </ul>
  );
};

const Entry = ({ entry, names }: { readonly entry: TimelineEntry; readonly names: ReadonlyMap<string, Localized> }) => {
  const { t, say, date, time } = useLanguage();
  const counted = [...new Set((entry.countsFor ?? []).map(({ badge }) => badge))].map((badge) => say(names.get(badge) ?? { en: badge })).join(', ');
  const text = <span className={entry.status === 'withdrawn' ? 'line-through decoration-quiet' : ''}>{say(entry.text)}</span>;
  return (
    <li className="relative grid grid-cols-[4.25rem_1.25rem_1fr] items-start gap-x-2 py-2.5 sm:grid-cols-[4.5rem_1.5rem_1fr]">
      <time dateTime={entry.time} title={time(entry.time)} className="pt-0.5 text-sm text-quiet">
        {date(entry.time, 'short')}
      </time>
      <span aria-hidden="true" className="pt-1 text-quiet">
        {iconOf(entry)}
      </span>
      <div className="min-w-0">
        {entry.kind === 'award' && entry.award !== undefined ? (
          <Link to="/awards/$award" params={{ award: entry.award }} className="font-medium after:absolute after:inset-0 hover:underline">
            {text}
            <span aria-hidden="true" className="whitespace-nowrap">
              {'\u00a0'}
              <ChevronRight size={16} className="mb-0.5 inline text-quiet" />
            </span>
          </Link>
        ) : (
          text
        )}
        {entry.courseTitle !== undefined && <span className="block text-sm text-quiet sm:ml-2 sm:inline">{entry.courseTitle}</span>}
        {entry.status === 'replaced' && <span className="ml-2 text-sm text-near">{t('timeline.corrected')}</span>}
        {entry.status === 'withdrawn' && <span className="ml-2 text-sm text-near">{t('timeline.withdrawn')}</span>}
        {counted !== '' && <span className="block text-sm text-quiet">{`${t('timeline.counted')} ${counted}`}</span>}
        {isTold(entry.earnedBy) ? <EarnedBy earnedBy={entry.earnedBy} /> : entry.reason !== undefined && <span className="block text-sm text-quiet">{`${t('timeline.because')} ${say(entry.reason)}`}</span>}
      </div>
    </li>
  );
};

interface TimelineOfLearner {
  readonly learner: string;
  readonly names: ReadonlyMap<string, Localized>;
  /** The first page as it came with the growth path, and when: the server need not work it out twice. */
  readonly newest: TimelinePage;
  readonly loadedAt: number;
}

/** What happened, newest first, and what each counted for. */
export const Timeline = ({ learner, names, newest, loadedAt }: TimelineOfLearner) => {
  const { t } = useLanguage();
  const { of } = useSearch({ from: '/learners/$learner' });
  const navigate = useNavigate({ from: '/learners/$learner' });
  const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useInfiniteQuery({
    ...timelineQuery(learner, of),
    ...(of === undefined && { initialData: { pages: [newest], pageParams: [''] }, initialDataUpdatedAt: loadedAt }),
  });
  const entries = data?.pages.flatMap(({ items }) => items);
  const show = (filter: TimelineOf | undefined): void => void navigate({ search: filter === undefined ? {} : { of: filter }, replace: true, resetScroll: false });
  return (
    <>
      <div role="group" aria-label={t('timeline.title')} className="mb-3 flex flex-wrap gap-1.5">
        {FILTERS.map((filter) => (
          <button key={filter ?? 'all'} type="button" aria-pressed={of === filter} onClick={() => show(filter)} className="quiet-motion min-h-11 shrink-0 rounded-full border px-4 text-sm aria-pressed:border-accent aria-pressed:bg-accent aria-pressed:text-on-accent">
            {t(filter === undefined ? 'timeline.all' : filter === 'badges' ? 'timeline.awards' : `timeline.${filter}`)}
          </button>
        ))}
      </div>
      {isPending && <Skeleton className="h-96" />}
      {error && <Failure error={error} retry={() => void refetch()} />}
      {entries?.length === 0 && <p className="py-6 text-quiet">{of === undefined ? t('timeline.empty') : t('timeline.emptyFilter')}</p>}
      <ol className="divide-y">
        {entries?.map((entry) => (
          <Entry key={`${entry.position}-${entry.kind}`} entry={entry} names={names} />
        ))}
      </ol>
      {hasNextPage && (
        <Button className="mt-4" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {isFetchingNextPage ? t('state.loading') : t('timeline.older')}
        </Button>
      )}
    </>
  );
};
