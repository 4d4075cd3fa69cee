import { Link } from '@tanstack/react-router';
import { Button } from '../design/Button.tsx';
import { useLanguage } from '../language.ts';

/** A learner in the first column of a list of learners; it leads to their growth path. */
export const ListedLearner = ({ learner }: { readonly learner: string }) => (
  <Link to="/learners/$learner" params={{ learner }} preload={false} className="inline-flex min-h-11 items-center hover:underline">
    {learner}
  </Link>
);

/** The badges that a learner holds; each leads to its award. */
export const HeldAwards = ({ held, nameOf, className }: { readonly held: readonly { readonly badge: string; readonly award: string }[]; readonly nameOf: (badge: string) => string; readonly className?: string }) => (
  <ul {...(className !== undefined && { className })}>
    {held.map(({ badge, award }) => (
      <li key={award}>
        <Link to="/awards/$award" params={{ award }} preload={false} className="inline-flex min-h-11 items-center underline decoration-line underline-offset-4 hover:decoration-ink">
          {nameOf(badge)}
        </Link>
      </li>
    ))}
  </ul>
);

/** The way to further learners. */
export const MoreLearners = ({ isFetching, onMore }: { readonly isFetching: boolean; readonly onMore: () => void }) => {
  const { t } = useLanguage();
  return (
    <Button className="mt-4" disabled={isFetching} onClick={onMore}>
      {isFetching ? t('state.loading') : t('insight.learners.more')}
    </Button>
  );
};
