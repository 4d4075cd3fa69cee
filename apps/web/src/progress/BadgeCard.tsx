import { Link } from '@tanstack/react-router';
import { BadgeArt } from '../design/BadgeArt.tsx';
import { useLanguage } from '../language.ts';
import type { BadgeProgress } from './queries.ts';
import type { ProgressSearch } from './search.ts';
import { StageBar } from './StageBar.tsx';

/** A badge: how far everybody is, and what most are stuck at; it leads to who they are. */
export const BadgeCard = ({ of: { badge, name, stages, hurdles }, course, asked }: { readonly of: BadgeProgress; readonly course: string; readonly asked: ProgressSearch }) => {
  const { t, say } = useLanguage();
  const [first] = hurdles;
  const chosen = asked.badge === badge;
  return (
    <li className={`quiet-motion flex flex-col rounded-card border bg-surface p-4 shadow-card ${chosen ? 'border-accent' : 'hover:border-quiet'}`}>
      <Link to="/progress" search={{ course, badge }} resetScroll={false} aria-current={chosen ? 'true' : undefined} className="group flex min-h-11 items-center gap-3">
        <BadgeArt badge={badge} size={44} />
        <span className="min-w-0 font-semibold group-hover:underline">{say(name)}</span>
      </Link>
      <div className="mt-3">
        <StageBar stages={stages} />
      </div>
      <div className="mt-3 border-t pt-3 text-sm">
        {first === undefined ? (
          <p className="text-quiet">{t('progress.free')}</p>
        ) : (
          <>
            <p className="text-quiet">{first.only > 0 ? t('progress.only', { count: first.only }) : t('progress.lack', { count: first.lack })}</p>
            <Link to="/progress" search={{ course, badge, lacks: first.path }} resetScroll={false} className="inline-flex min-h-11 items-center font-medium text-accent hover:underline">
              {say(first.label)}
            </Link>
          </>
        )}
      </div>
    </li>
  );
};
