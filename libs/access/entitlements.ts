import type { KeyGrant } from '#domain/api-key.js';
import { names } from './patterns.js';

/** In the name of which sources, and about which courses, somebody may send events; all where a question is absent. */
export interface Entitlements {
  readonly maySource?: (source: string) => boolean;
  readonly mayCourse?: (course: string) => boolean;
}

/** What a key that names sources or courses may send. */
export const entitlementsOf = ({ sources, courses }: Pick<KeyGrant, 'sources' | 'courses'>): Entitlements => ({
  ...(sources && { maySource: (source) => names(sources, source) }),
  ...(courses && { mayCourse: (course) => names(courses, course) }),
});
