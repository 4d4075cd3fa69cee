import { Link } from '@tanstack/react-router';
import { ChevronDown } from 'lucide-react';
import { useState } from 'react';
import type { BadgeInReach, Pathway, PathwayPlace, PathwayStep, PathwayStop } from '../api/types.ts';
import { BadgeArt } from '../design/BadgeArt.tsx';
import { Button } from '../design/Button.tsx';
import { Card } from '../design/Card.tsx';
import { useLanguage } from '../language.ts';
import { ro } from './korean.ts';
import { askedStops, isLevels, leadsToAward, metStops, opensAt } from './pathway.ts';
import { StepMark } from './StepMark.tsx';
import { StepSheet } from './StepSheet.tsx';

/*
 * The way to a role is a list in order with a line beside it, and not a drawing of nodes and edges: what a screen reader reads is what is
 * seen, it stacks on a phone, and a library for graphs would load more script than the rest of the page.
 */

type Open = (step: PathwayStep) => void;

const FIRST = 2;

/** How a step stands, in words. */
const useStanding = (): ((step: PathwayStep) => string) => {
  const { t, percent } = useLanguage();
  return ({ state, closeness, criteriaMet, criteriaTotal, award }) => {
    if (state === 'lost' && award) return t(`learner.pathway.lost.${award.status}`);
    if (state !== 'in-progress') return t(`learner.pathway.states.${state}`);
    const share = percent(closeness);
    return criteriaMet === undefined || criteriaTotal === undefined || criteriaTotal < 2 ? t('learner.pathway.share', { share }) : t('learner.pathway.progress', { met: criteriaMet, count: criteriaTotal, share });
  };
};

const ROW = 'quiet-motion flex min-h-11 w-full items-center gap-2.5 rounded-card px-2 py-1.5 text-left hover:bg-paper';

const STATE_INK = { earned: 'text-met', 'in-progress': 'text-quiet', open: 'text-quiet', 'out-of-reach': 'text-quiet', lost: 'text-wrong' } as const;

/** A badge on the way: it leads to its award, or opens what is missing for it. */
const Step = ({ step, open }: { readonly step: PathwayStep; readonly open: Open }) => {
  const { say } = useLanguage();
  const standing = useStanding()(step);
  const inside = (
    <>
      <StepMark state={step.state} closeness={step.closeness} />
      <BadgeArt badge={step.badge} size={36} faded={step.state !== 'earned'} />
      <span className="min-w-0 grow">
        <span className="block text-sm font-medium">{[say(step.name), step.level && say(step.level.name)].filter(Boolean).join(' · ')}</span>
        <span className={`block text-xs ${STATE_INK[step.state]}`}>{standing}</span>
      </span>
    </>
  );
  return leadsToAward(step) && step.award ? (
    <Link to="/awards/$award" params={{ award: step.award.award }} className={ROW}>
      {inside}
    </Link>
  ) : (
    <button type="button" aria-haspopup="dialog" className={ROW} onClick={() => open(step)}>
      {inside}
    </button>
  );
};

/** A badge, or the levels of one thing as a ladder with the highest on top. */
const Place = ({ place: { steps }, open }: { readonly place: PathwayPlace; readonly open: Open }) => {
  const [only] = steps;
  if (only && steps.length === 1) return <Step step={only} open={open} />;
  return (
    <ol reversed>
      {[...steps].reverse().map((step, i) => (
        <li key={step.badge} className="relative">
          {i < steps.length - 1 && (
            <svg aria-hidden="true" className="absolute top-1/2 left-2 h-full w-5">
              <line x1="10" y1="0" x2="10" y2="100%" strokeWidth="2" className="stroke-line" />
            </svg>
          )}
          <div className="relative">
            <Step step={step} open={open} />
          </div>
        </li>
      ))}
    </ol>
  );
};

const Heading = ({ stop }: { readonly stop: PathwayStop }) => {
  const { t, say } = useLanguage();
  const { kind, places, parts, needed, label } = stop;
  const badges = places.reduce((sum, { steps }) => sum + steps.length, 0);
  if (kind === 'along') return <>{t('learner.pathway.along')}</>;
  if (badges === 0 && parts.length === 0) return <>{say(label)}</>;
  if (needed >= Math.max(badges, parts.length)) return <>{t('learner.pathway.all')}</>;
  return <>{isLevels(stop) && needed === 1 ? t('learner.pathway.anyLevel') : t('learner.pathway.some', { count: needed })}</>;
};

/** What a part of the way holds: badges, or ways of which some will do. */
const Inside = ({ stop, open }: { readonly stop: PathwayStop; readonly open: Open }) => {
  const { t, say, percent } = useLanguage();
  return (
    <>
      {stop.places.length > 0 && (
        <ul className="-mx-2">
          {stop.places.map((place) => (
            <li key={place.steps[0]?.badge}>
              <Place place={place} open={open} />
            </li>
          ))}
        </ul>
      )}
      {stop.parts.length > 0 && (
        <ul className="grid gap-2">
          {stop.parts.map((part, i) => (
            <li key={i} className="rounded-card border px-2 py-1.5">
              {!(part.places.length === 1 && part.places[0]?.steps.length === 1) && (
                <p className="flex items-center gap-2 text-xs text-quiet">
                  <StepMark state={part.state} closeness={part.closeness} className="scale-75" />
                  <span>
                    <Heading stop={part} />
                    <span className="sr-only">{`: ${t(`learner.pathway.states.${part.state}`)}`}</span>
                  </span>
                </p>
              )}
              <div className="px-2">
                <Inside stop={part} open={open} />
              </div>
            </li>
          ))}
        </ul>
      )}
      {stop.places.length + stop.parts.length === 0 && (
        <p className={`text-sm ${stop.state === 'earned' ? 'text-met' : 'text-quiet'}`}>
          {stop.missing ? say(stop.missing.text) : t('path.done')}
          {stop.state === 'in-progress' && ` · ${t('learner.pathway.share', { share: percent(stop.closeness) })}`}
        </p>
      )}
    </>
  );
};

/** The line from a stop to the next: down the side on a phone, across the top beside. */
const Line = () => (
  <>
    <svg aria-hidden="true" className="absolute top-5 bottom-0 left-0 h-full w-5 lg:hidden">
      <line x1="10" y1="0" x2="10" y2="100%" strokeWidth="2" className="stroke-line" />
    </svg>
    <svg aria-hidden="true" className="absolute top-0 left-5 hidden h-5 w-full lg:block">
      <line x1="0" y1="10" x2="100%" y2="10" strokeWidth="2" className="stroke-line" />
    </svg>
  </>
);

const STOP = 'relative pb-6 pl-8 lg:pr-6 lg:pb-0 lg:pl-0';

const Map = ({ pathway, open }: { readonly pathway: Pathway; readonly open: Open }) => {
  const { t } = useLanguage();
  const { stops, step } = pathway;
  return (
    <ol className="pt-4 lg:grid lg:auto-cols-fr lg:grid-flow-col">
      {stops.map((stop, i) => (
        <li key={i} className={STOP}>
          <Line />
          <StepMark state={stop.state} closeness={stop.closeness} className="absolute top-0 left-0" />
          <p className="mb-1 text-xs text-quiet lg:pt-7">
            <Heading stop={stop} />
            <span className="sr-only">{`: ${t(`learner.pathway.states.${stop.state}`)}`}</span>
          </p>
          <Inside stop={stop} open={open} />
        </li>
      ))}
      <li className="relative pl-8 lg:pl-0">
        <StepMark state={step.state} closeness={step.closeness} className="absolute top-0 left-0" />
        <p className="mb-1 text-xs text-quiet lg:pt-7">{t('learner.pathway.role')}</p>
        <div className="-mx-2">
          <Step step={step} open={open} />
        </div>
      </li>
    </ol>
  );
};

/** The ways to roles, each with how far it is gone; those that lead on are open. */
export const Pathways = ({ pathways, inReach }: { readonly pathways: readonly Pathway[]; readonly inReach: readonly BadgeInReach[] }) => {
  const { t, say } = useLanguage();
  const [all, setAll] = useState(false);
  const [shown, setShown] = useState<PathwayStep>();
  const rest = pathways.length - FIRST;
  return (
    <Card title={t('learner.pathway.title')}>
      <div className="-my-3 divide-y">
        {(all ? pathways : pathways.slice(0, FIRST)).map((pathway, i) => (
          <details key={pathway.badge} open={opensAt(pathway, i)} className="group py-3">
            <summary className="flex min-h-11 cursor-pointer list-none flex-wrap items-center gap-x-4 gap-y-1">
              <span className="font-semibold">{t('learner.pathway.to', { role: say(pathway.role), ro: ro(say(pathway.role)) })}</span>
              <span className="ml-auto flex items-center gap-3">
                <span aria-hidden="true" className="hidden items-center gap-1 sm:flex">
                  {[...pathway.stops, pathway.step].map(({ state, closeness }, n) => (
                    <StepMark key={n} state={state} closeness={closeness} />
                  ))}
                </span>
                <span className="text-sm text-quiet">{pathway.step.state === 'earned' ? t('learner.pathway.reached') : t('learner.pathway.parts', { met: metStops(pathway), count: askedStops(pathway).length })}</span>
                <ChevronDown size={18} aria-hidden="true" className="quiet-motion text-quiet group-open:rotate-180" />
              </span>
            </summary>
            <Map pathway={pathway} open={setShown} />
          </details>
        ))}
      </div>
      {rest > 0 && (
        <Button look="bare" className="mt-4" onClick={() => setAll(!all)}>
          {all ? t('learner.pathway.fewer') : t('learner.pathway.more', { count: rest })}
        </Button>
      )}
      {shown && <StepSheet key={shown.badge} step={shown} inReach={inReach.find(({ badge }) => badge === shown.badge)} close={() => setShown(undefined)} />}
    </Card>
  );
};
