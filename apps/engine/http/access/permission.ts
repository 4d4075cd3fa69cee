import { SetMetadata } from '@nestjs/common';
import type { Action } from '#access/actions.js';

/**
 * Where a request says what it acts upon: the name of the parameter that holds a learner, a course, an award, a badge, a badge whose rule it is, or a credential's code; the
 * query's `learner`, `course` and `badge`, or its `learner` alone where the answer heeds nothing else; a badge and a proposal for its rule; the rule (as text, or by its badge) in the body; a badge whose
 * draft it is, with the course in the body; each draft or each course of a list, which the route looks at one by one; or each event in the body, which intake looks at.
 */
export type TargetOf =
  | { readonly learner: string }
  | { readonly course: string }
  | { readonly award: string }
  | { readonly badge: string }
  | { readonly ruleOf: string }
  | { readonly proposal: string; readonly badge: string }
  | { readonly code: 'body' }
  | { readonly query: true | 'learner' }
  | { readonly rule: 'body' }
  | { readonly draftOf: string }
  | { readonly eachDraft: true }
  | { readonly eachEvent: true }
  | { readonly eachCourse: true };

/** What a route asks for. */
export type Permission = { readonly everybody: true; readonly uncounted?: true } | { readonly action: Action; readonly of?: TargetOf };

/** The metadata under which a route's permission stands. */
export const PERMISSION = 'proofmark:permission';

/** The route, or all of a controller's, is for who may do this: to everything of the tenant, or to what the request names. */
export const May = (action: Action, of?: TargetOf): MethodDecorator & ClassDecorator => SetMetadata(PERMISSION, { action, ...(of && { of }) } satisfies Permission);

/**
 * The route, or all of a controller's, is for everybody: who knows a code, or an address that was signed for them, needs no more. `uncounted`: what
 * it sends lies in memory, so that asking often keeps nobody out; a page comes with some twenty files, and a school may stand behind one address.
 */
export const ForEverybody = (how: { readonly uncounted?: true } = {}): MethodDecorator & ClassDecorator => SetMetadata(PERMISSION, { everybody: true, ...how } satisfies Permission);
