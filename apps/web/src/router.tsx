import { type QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { Failure } from './design/Failure.tsx';
import { analyticsSearch, awardsSearch, learnersSearch, roleSearch } from './analytics/search.ts';
import { AskError } from './api/ask.ts';
import { growthPathQuery } from './api/queries.ts';
import { Shell } from './Shell.tsx';
import { batchesSearch } from './batches/search.ts';
import { HomePage } from './home/HomePage.tsx';
import { operationSearch } from './operation/search.ts';
import { peopleSearch } from './people/said.ts';
import { progressSearch } from './progress/search.ts';
import { historySearch, rulesSearch } from './studio/search.ts';

const TIMELINE = ['attendance', 'assignments', 'missions', 'badges'] as const;
/** Of what the timeline shows entries. */
export type TimelineOf = (typeof TIMELINE)[number];

const root = createRootRouteWithContext<{ readonly queries: QueryClient }>()({ component: Shell });
const home = createRoute({ getParentRoute: () => root, path: '/', component: HomePage });
const learner = createRoute({
  getParentRoute: () => root,
  path: '/learners/$learner',
  component: lazyRouteComponent(() => import('./learner/GrowthPathPage.tsx'), 'GrowthPathPage'),
  // Asked for while the page is still being loaded, but not for who merely passes over a link.
  loader: ({ context: { queries }, params: { learner }, cause }) => void (cause !== 'preload' && queries.prefetchQuery(growthPathQuery(learner))),
  // What is filtered stands in the address, so that it can be kept and sent.
  validateSearch: ({ of }: Record<string, unknown>): { readonly of?: TimelineOf } => (TIMELINE.includes(of as TimelineOf) ? { of: of as TimelineOf } : {}),
});
const ownData = createRoute({ getParentRoute: () => root, path: '/learners/$learner/data', component: lazyRouteComponent(() => import('./own-data/OwnDataPage.tsx'), 'OwnDataPage') });
const share = createRoute({ getParentRoute: () => root, path: '/learners/$learner/share', component: lazyRouteComponent(() => import('./share/SharePage.tsx'), 'SharePage') });
const award = createRoute({ getParentRoute: () => root, path: '/awards/$award', component: lazyRouteComponent(() => import('./award/AwardPage.tsx'), 'AwardPage') });
const badges = createRoute({ getParentRoute: () => root, path: '/badges', component: lazyRouteComponent(() => import('./badges/BadgesPage.tsx'), 'BadgesPage') });
const analytics = createRoute({ getParentRoute: () => root, path: '/analytics', component: lazyRouteComponent(() => import('./analytics/AnalyticsPage.tsx'), 'AnalyticsPage'), validateSearch: analyticsSearch });
const skilled = createRoute({ getParentRoute: () => root, path: '/analytics/learners', component: lazyRouteComponent(() => import('./analytics/LearnersPage.tsx'), 'LearnersPage'), validateSearch: learnersSearch });
const role = createRoute({ getParentRoute: () => root, path: '/analytics/roles/$role', component: lazyRouteComponent(() => import('./analytics/RolePage.tsx'), 'RolePage'), validateSearch: roleSearch });
const awards = createRoute({ getParentRoute: () => root, path: '/awards', component: lazyRouteComponent(() => import('./awards/AwardsPage.tsx'), 'AwardsPage'), validateSearch: awardsSearch });
const operation = createRoute({ getParentRoute: () => root, path: '/operation', component: lazyRouteComponent(() => import('./operation/OperationPage.tsx'), 'OperationPage'), validateSearch: operationSearch });
const batches = createRoute({ getParentRoute: () => root, path: '/batches', component: lazyRouteComponent(() => import('./batches/BatchesPage.tsx'), 'BatchesPage'), validateSearch: batchesSearch });
const progress = createRoute({ getParentRoute: () => root, path: '/progress', component: lazyRouteComponent(() => import('./progress/ProgressPage.tsx'), 'ProgressPage'), validateSearch: progressSearch });
const people = createRoute({ getParentRoute: () => root, path: '/people', component: lazyRouteComponent(() => import('./people/PeoplePage.tsx'), 'PeoplePage'), validateSearch: peopleSearch });
const rules = createRoute({ getParentRoute: () => root, path: '/rules', component: lazyRouteComponent(() => import('./studio/RulesPage.tsx'), 'RulesPage'), validateSearch: rulesSearch });
const newRule = createRoute({ getParentRoute: () => root, path: '/rules/new', component: lazyRouteComponent(() => import('./studio/NewRulePage.tsx'), 'NewRulePage') });
const studio = createRoute({ getParentRoute: () => root, path: '/rules/$badge', component: lazyRouteComponent(() => import('./studio/StudioPage.tsx'), 'StudioPage'), staticData: { isWide: true } });
const ruleHistory = createRoute({ getParentRoute: () => root, path: '/rules/$badge/history', component: lazyRouteComponent(() => import('./studio/HistoryPage.tsx'), 'HistoryPage'), validateSearch: historySearch });

/** The pages and their addresses. */
export const openRouter = (queries: QueryClient) =>
  createRouter({
    routeTree: root.addChildren([home, learner, ownData, share, award, awards, badges, analytics, skilled, role, operation, batches, progress, people, rules, newRule, studio, ruleHistory]),
    basepath: new URL(document.baseURI).pathname.replace(/\/$/, ''),
    context: { queries },
    defaultPreload: 'intent',
    scrollRestoration: true,
    defaultErrorComponent: ({ error, reset }) => <Failure error={error} retry={reset} />,
    defaultNotFoundComponent: () => <Failure error={new AskError(404, {})} />,
  });

declare module '@tanstack/react-router' {
  interface Register {
    readonly router: ReturnType<typeof openRouter>;
  }
  interface StaticDataRouteOption {
    /** It takes all the width that there is. */
    readonly isWide?: boolean;
  }
}
