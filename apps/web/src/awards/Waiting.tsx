import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CircleAlert } from 'lucide-react';
import { awardsQuery, meQuery } from '../api/queries.ts';
import { decidesAboutAwards } from '../award/decides.ts';
import { useLanguage } from '../language.ts';
import { hasRole } from '../operation/roles.ts';

/**
 * Tells whoever decides about awards that some wait for it, and leads there; nothing where none does. Without a course it is about the whole school,
 * which who administers it may ask for.
 */
export const Waiting = ({ course }: { readonly course?: string }) => {
  const { t, number } = useLanguage();
  const sought = { state: 'suspended', ...(course !== undefined && { course }) } as const;
  const { data: me } = useQuery(meQuery());
  const { data, hasNextPage } = useInfiniteQuery({ ...awardsQuery(sought), enabled: course === undefined ? hasRole(me, 'admin') : decidesAboutAwards(me) });
  const count = data?.pages.flatMap(({ items }) => items).length ?? 0;
  if (count === 0) return null;
  return (
    <Link to="/awards" search={sought} className="quiet-motion mb-5 flex min-h-11 items-center gap-3 rounded-card border border-near bg-surface p-4 shadow-card hover:border-accent">
      <CircleAlert size={20} aria-hidden="true" className="shrink-0 text-near" />
      <span>
        <span className="block font-semibold">{t('awards.waiting', { count, shown: `${number(count)}${hasNextPage ? '+' : ''}` })}</span>
        <span className="block text-sm text-quiet">{t('awards.waitingAbout')}</span>
      </span>
    </Link>
  );
};
