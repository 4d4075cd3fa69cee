import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import { badgesQuery } from '../api/queries.ts';
import { Button } from '../design/Button.tsx';
import { Failure } from '../design/Failure.tsx';
import { PageTitle } from '../design/PageTitle.tsx';
import { ScrollBox } from '../design/ScrollBox.tsx';
import { Skeleton } from '../design/Skeleton.tsx';
import { HeldAwards, ListedLearner, MoreLearners } from './HeldAwards.tsx';
import { useLanguage } from '../language.ts';
import { skilledLearnersQuery, skillsQuery } from './queries.ts';
import { learnersSearch } from './search.ts';
import './texts.ts';

/** The learners behind a figure about skills, a page at a time; each badge leads to its award. */
export const LearnersPage = () => {
  const { t, say } = useLanguage();
  const asked = learnersSearch({ ...useSearch({ from: '/analytics/learners' }) });
  const navigate = useNavigate({ from: '/analytics/learners' });
  const { data: badges } = useQuery(badgesQuery());
  const { data: skills } = useQuery(skillsQuery({}));
  const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useInfiniteQuery(skilledLearnersQuery(asked));
  const { group, competency, course, badge } = asked;
  const nameOf = (id: string): string => {
    const found = badges?.items.find((one) => one.id === id);
    return found ? say(found.name) : id;
  };
  const skill = skills?.competencies.find(({ id }) => id === competency);
  const groupName = (of: string): string => (of === '' ? t('insight.skills.noGroup') : of);
  const learners = data?.pages.flatMap(({ items }) => items);
  return (
    <>
      <Link to="/analytics" className="mb-4 inline-flex min-h-11 items-center gap-2 text-sm text-quiet hover:text-ink">
        <ArrowLeft size={16} aria-hidden="true" />
        {t('insight.learners.back')}
      </Link>
      <PageTitle className="text-xl">{competency === undefined ? t('insight.learners.title') : t('insight.learners.withSkill', { skill: skill ? say(skill.name) : competency })}</PageTitle>
      <p className="mt-1 mb-4 flex flex-wrap items-center gap-x-4 text-quiet">
        {group !== undefined && <span>{t('insight.learners.inGroup', { group: groupName(group) })}</span>}
        {course !== undefined && <span>{t('insight.learners.inCourse', { course })}</span>}
        {badge !== undefined && <span>{t('insight.learners.ofBadge', { badge: nameOf(badge) })}</span>}
        {Object.keys(asked).length > 0 && (
          <Button look="bare" onClick={() => void navigate({ search: {}, replace: true, resetScroll: false })}>
            {t('insight.learners.all')}
          </Button>
        )}
      </p>
      {error && <Failure error={error} retry={() => void refetch()} />}
      {isPending && <Skeleton className="h-96" />}
      {learners?.length === 0 && <p className="py-8 text-quiet">{t('insight.learners.empty')}</p>}
      {learners && learners.length > 0 && (
        <ScrollBox name={t('insight.learners.title')} className="rounded-card border bg-surface shadow-card">
          <table className="w-full text-sm">
            <thead>
              <tr className="border-b text-left text-quiet">
                {(['learner', ...(group === undefined ? (['group'] as const) : []), 'badges'] as const).map((column) => (
                  <th key={column} scope="col" className="px-4 py-3 font-normal sm:px-6">
                    {t(`insight.learners.${column}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody className="divide-y">
              {learners.map(({ learner, group: of, held }) => (
                <tr key={learner} className="quiet-motion hover:bg-paper">
                  <th scope="row" className="min-w-32 px-4 py-1 text-left align-top font-medium sm:min-w-40 sm:px-6">
                    <ListedLearner learner={learner} />
                  </th>
                  {group === undefined && <td className="px-4 py-1 align-top leading-11 sm:px-6">{groupName(of)}</td>}
                  <td className="px-4 py-1 sm:px-6">
                    <HeldAwards held={held} nameOf={nameOf} className="flex flex-wrap gap-x-4" />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollBox>
      )}
      {hasNextPage && <MoreLearners isFetching={isFetchingNextPage} onMore={() => void fetchNextPage()} />}
    </>
  );
};
