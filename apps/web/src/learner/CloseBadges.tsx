import { useState } from 'react';
import type { BadgeInReach } from '../api/types.ts';
import { BadgeArt } from '../design/BadgeArt.tsx';
import { Button } from '../design/Button.tsx';
import { Card } from '../design/Card.tsx';
import { useLanguage } from '../language.ts';
import { CriteriaList } from './Criteria.tsx';
import { StillToDo } from './NextBadge.tsx';

const FIRST = 6;

/** Another badge that can be earned, in short; it opens to its criteria. */
const CloseBadge = ({ badge }: { readonly badge: BadgeInReach }) => {
  const { t, say } = useLanguage();
  return (
    <details className="group py-3">
      <summary className="flex cursor-pointer list-none items-center gap-4">
        <BadgeArt badge={badge.badge} size={48} faded />
        <span className="min-w-0 grow">
          <span className="block font-medium">{say(badge.name)}</span>
          <span className="block text-sm">
            <StillToDo badge={badge} />
          </span>
        </span>
        <span className="hidden shrink-0 text-sm text-quiet sm:block">{t('path.criteria', { met: badge.criteriaMet, count: badge.criteriaTotal })}</span>
      </summary>
      <p className="mt-3 text-sm text-quiet">{say(badge.criteriaText)}</p>
      <CriteriaList criteria={badge.criteria} />
    </details>
  );
};

/** Badges in short, the closest first; each opens to its criteria. */
export const CloseBadges = ({ title, badges }: { readonly title: string; readonly badges: readonly BadgeInReach[] }) => {
  const { t } = useLanguage();
  const [all, setAll] = useState(false);
  return (
    <Card title={title}>
      <div className="-my-3 grid items-start gap-x-10 lg:grid-cols-2">
        {(all ? badges : badges.slice(0, FIRST)).map((badge) => (
          <CloseBadge key={badge.badge} badge={badge} />
        ))}
      </div>
      {badges.length > FIRST && (
        <Button look="bare" className="mt-4" onClick={() => setAll(!all)}>
          {all ? t('path.fewer') : t('path.more', { count: badges.length })}
        </Button>
      )}
    </Card>
  );
};
