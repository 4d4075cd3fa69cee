import { Footprints } from 'lucide-react';
import type { NextStep } from '../api/types.ts';
import { useLanguage } from '../language.ts';
import { ro } from './korean.ts';

/** The one step that helps most, and whom it helps; nothing where it helps a single badge alone, which says so itself. */
export const NextStepNote = ({ step: { text, helps, roles } }: { readonly step: NextStep }) => {
  const { t, say, list } = useLanguage();
  if (helps.length + roles.length < 2) return null;
  const [done, closer] = [helps.filter(({ completes }) => completes), helps.filter(({ completes }) => !completes)].map((badges) => list(badges.map(({ name }) => say(name))));
  const to = list(roles.map(({ name }) => say(name)));
  return (
    <section aria-labelledby="next-step" className="flex items-start gap-3 rounded-card border bg-surface p-5 shadow-card sm:gap-4 sm:p-6">
      <Footprints size={22} aria-hidden="true" className="mt-0.5 shrink-0 text-accent" />
      <div className="min-w-0">
        <h2 id="next-step" className="text-sm font-normal text-quiet">{t('learner.nextStep.title')}</h2>
        <p className="text-lg font-semibold">{say(text)}</p>
        <p className="mt-1 text-sm text-quiet">
          {[
            done !== '' && t('learner.nextStep.completes', { count: helps.length, badges: done }),
            closer !== '' && t(done === '' ? 'learner.nextStep.closer' : 'learner.nextStep.alsoCloser', { badges: closer }),
            roles.length > 0 && t('learner.nextStep.roles', { roles: to, ro: ro(to) }),
          ]
            .filter(Boolean)
            .join(' ')}
        </p>
      </div>
    </section>
  );
};
