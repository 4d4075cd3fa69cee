import { type QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { Failure } from './design/Failure.tsx';
import { analyticsSearch, awardsSearch } from './analytics/search.ts';
import { AskError } from './api/ask.ts';
import { Shell } from './Shell.tsx';
import { HomePage } from './home/HomePage.tsx';
import { operationSearch } from './operation/search.ts';

const TIMELINE = ['attendance', 'assignments', 'missions', 'badges'] as const;
/** Of what the timeline shows entries. */
export type TimelineOf = (typeof TIMELINE)[number];

const root = createRootRouteWithContext<{ readonly queries: QueryClient }>()({ component: Shell });
const home = createRoute({ getParentRoute: () => root, path: '/', component: HomePage });
const learner = createRoute({
  getParentRoute: () => root,
  path: '/learners/$learner',
  component: lazyRouteComponent(() => import('./learner/GrowthPathPage.tsx'), 'GrowthPathPage'),
  // What is filtered stands in the address, so that it can be kept and sent.
  validateSearch: ({ of }: Record<string, unknown>): { readonly of?: TimelineOf } => (TIMELINE.includes(of as TimelineOf) ? { of: of as TimelineOf } : {}),
});
const ownData = createRoute({ getParentRoute: () => root, path: '/learners/$learner/data', component: lazyRouteComponent(() => import('./own-data/OwnDataPage.tsx'), 'OwnDataPage') });
const award = createRoute({ getParentRoute: () => root, path: '/awards/$award', component: lazyRouteComponent(() => import('./award/AwardPage.tsx'), 'AwardPage') });
const badges = createRoute({ getParentRoute: () => root, path: '/badges', component: lazyRouteComponent(() => import('./badges/BadgesPage.tsx'), 'BadgesPage') });
const analytics = createRoute({ getParentRoute: () => root, path: '/analytics', component: lazyRouteComponent(() => import('./analytics/AnalyticsPage.tsx'), 'AnalyticsPage'), validateSearch: analyticsSearch });
const awards = createRoute({ getParentRoute: () => root, path: '/awards', component: lazyRouteComponent(() => import('./awards/AwardsPage.tsx'), 'AwardsPage'), validateSearch: awardsSearch });
const operation = createRoute({ getParentRoute: () => root, path: '/operation', component: lazyRouteComponent(() => import('./operation/OperationPage.tsx'), 'OperationPage'), validateSearch: operationSearch });

/** The pages and their addresses. */
export const openRouter = (queries: QueryClient) =>
  createRouter({
    routeTree: root.addChildren([home, learner, ownData, award, awards, badges, analytics, operation]),
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
}
