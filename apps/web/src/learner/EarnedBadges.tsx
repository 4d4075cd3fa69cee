import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { EarnedBadge } from '../api/types.ts';
import { BadgeArt } from '../design/BadgeArt.tsx';
import { Button } from '../design/Button.tsx';
import { useLanguage } from '../language.ts';

const FIRST = 12;

/** What was earned, the newest first; each leads to its story. */
export const EarnedBadges = ({ earned }: { readonly earned: readonly EarnedBadge[] }) => {
  const { t, say, date } = useLanguage();
  const [all, setAll] = useState(false);
  if (earned.length === 0) return <p className="text-quiet">{t('path.earnedNone')}</p>;
  const names = new Map(earned.map(({ badge, name }) => [badge, name]));
  return (
    <>
      <ul className="grid grid-cols-[repeat(auto-fill,minmax(7.5rem,1fr))] gap-x-3 gap-y-5">
        {(all ? earned : earned.slice(0, FIRST)).map(({ award, badge, name, earnedAt, status, level, supersededBy }) => {
          const better = supersededBy === undefined ? undefined : names.get(supersededBy);
          return (
            <li key={award}>
              <Link to="/awards/$award" params={{ award }} className="group flex flex-col items-center gap-1.5 rounded-card p-1 text-center">
                <BadgeArt badge={badge} size={88} faded={status !== 'active'} />
                <span className="text-sm font-medium group-hover:underline">{say(name)}</span>
                <span className="text-xs text-quiet">
                  {status !== 'active' && <span className="block font-medium text-near">{t(`award.states.${status}`)}</span>}
                  {[level ? say(level.name) : undefined, date(earnedAt, 'short')].filter(Boolean).join(' · ')}
                  {better && <span className="block">{t('path.superseded', { badge: say(better) })}</span>}
                </span>
              </Link>
            </li>
          );
        })}
      </ul>
      {earned.length > FIRST && (
        <Button look="bare" className="mt-4" onClick={() => setAll(!all)}>
          {all ? t('path.fewer') : t('path.more', { count: earned.length })}
        </Button>
      )}
    </>
  );
};
