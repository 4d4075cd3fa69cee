import { Link } from '@tanstack/react-router';
import { ScrollBox } from '../design/ScrollBox.tsx';
import { useLanguage } from '../language.ts';
import { csvOf } from './csv.ts';
import { colourOf, inOrder, leftOut, rangeOf, shadeOf, SHADES } from './heat.ts';
import type { SkillDensity } from './queries.ts';
import { save } from './save.ts';
import { SaveAsCsv } from './SaveAsCsv.tsx';
import type { Filter } from './search.ts';
import './texts.ts';

const shaded = (shade: number) => ({ backgroundColor: `color-mix(in srgb, var(--chart) ${colourOf(shade)}%, transparent)` });

/** Which department can do what: a table whose cells are as dark as their share, each of which leads to its learners. */
export const SkillMap = ({ of: { competencies, groups }, filter: { course, badge } }: { readonly of: SkillDensity; readonly filter: Filter }) => {
  const { t, say, number, percent } = useLanguage();
  if (competencies.length === 0) return <p className="py-6 text-quiet">{t(course === undefined && badge === undefined ? 'insight.skills.none' : 'insight.skills.noneSuch')}</p>;
  if (groups.length === 0) return <p className="py-6 text-quiet">{t('insight.skills.noGroups')}</p>;
  const columns = inOrder(competencies);
  const nameOf = (group: string): string => (group === '' ? t('insight.skills.noGroup') : group);
  const without = leftOut(competencies);
  const csv = (): void => {
    const untold = t('analytics.untold');
    const head = [t('insight.skills.group'), t('analytics.learners'), ...columns.flatMap(({ name }) => [say(name), `${say(name)} (${t('insight.skills.share')})`])];
    const lines = groups.map(({ group, learners, cells }) => [
      nameOf(group),
      learners ?? untold,
      ...columns.flatMap(({ id }) => {
        const cell = cells.find(({ competency }) => competency === id);
        return [cell?.learners ?? untold, cell?.share === undefined || cell.share === null ? untold : Math.round(cell.share * 1_000) / 1_000];
      }),
    ]);
    save('skills.csv', 'text/csv', csvOf([head, ...lines]));
  };
  return (
    <>
      <p className="mb-4 max-w-prose text-sm text-quiet">{t('insight.skills.about')}</p>
      <ScrollBox name={t('insight.skills.title')} className="-mx-5 px-5 sm:-mx-6 sm:px-6">
        <table className="w-full border-separate border-spacing-1 text-sm">
          <thead>
            <tr className="text-left align-bottom text-quiet">
              <th scope="col" className="sticky left-0 z-10 min-w-28 bg-surface py-2 pr-2 font-normal sm:min-w-44">
                {t('insight.skills.group')}
              </th>
              {columns.map(({ id, name, framework, learners }) => (
                <th key={id} scope="col" className="min-w-28 px-1 py-2 font-normal">
                  <Link to="/analytics/learners" search={{ competency: id }} preload={false} className="block text-ink underline decoration-line underline-offset-4 hover:decoration-ink">
                    {say(name)}
                  </Link>
                  {framework !== undefined && <span className="block text-xs">{framework}</span>}
                  <span className="block text-xs">{learners === null ? t('analytics.untold') : t('insight.skills.people', { count: learners, amount: number(learners) })}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {groups.map(({ group, learners, cells }) => (
              <tr key={group}>
                <th scope="row" className="sticky left-0 z-10 bg-surface py-1 pr-2 text-left font-normal">
                  <Link to="/analytics/learners" search={{ group, ...(course !== undefined && { course }), ...(badge !== undefined && { badge }) }} preload={false} className="block min-h-11 content-center hover:underline">
                    <span className="block font-medium">{nameOf(group)}</span>
                    <span className="block text-xs text-quiet">{learners === null ? t('analytics.untold') : t('insight.skills.people', { count: learners, amount: number(learners) })}</span>
                  </Link>
                </th>
                {columns.map(({ id, name }) => {
                  const cell = cells.find(({ competency }) => competency === id);
                  const told = cell && cell.learners !== null && cell.share !== null ? { learners: cell.learners, share: cell.share } : undefined;
                  return (
                    <td key={id} className="p-0">
                      <Link
                        to="/analytics/learners"
                        search={{ group, competency: id }}
                        preload={false}
                        style={told && shaded(shadeOf(told.share))}
                        className={`quiet-motion flex min-h-14 flex-col items-center justify-center rounded-[6px] border px-1 hover:border-ink ${told ? '' : 'border-dashed'}`}
                      >
                        <span className="sr-only">{t('insight.skills.cell', { group: nameOf(group), skill: say(name) })}</span>
                        {told ? (
                          <>
                            <span className="text-base font-semibold">{number(told.learners)}</span>
                            <span className="text-xs">{percent(told.share)}</span>
                          </>
                        ) : (
                          <span className="text-xs text-quiet">{t('analytics.untold')}</span>
                        )}
                      </Link>
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
      <div className="mt-4 flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-quiet">
          {t('insight.skills.legend')}
          {Array.from({ length: SHADES + 1 }, (_none, shade) => (
            <span key={shade} className="inline-flex items-center gap-1.5">
              <span aria-hidden="true" style={shaded(shade)} className="inline-block size-4 rounded-[4px] border" />
              {shade === 0 ? percent(0) : `${number(rangeOf(shade)[0])}–${number(rangeOf(shade)[1])}%`}
            </span>
          ))}
        </p>
        <SaveAsCsv onSave={csv} />
      </div>
      {without.length > 0 && <p className="mt-2 max-w-prose text-xs text-quiet">{t('insight.skills.leftOut', { count: without.length, badges: without.map(({ name }) => say(name)).join(', ') })}</p>}
    </>
  );
};
