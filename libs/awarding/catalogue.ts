import { readLogEvent, type ClosingTimeReached, type CohortRanked } from '#domain/log-event.js';
import type { CorrectionEvent, CourseFactEvent } from '#domain/learning-event.js';
import { isRuleChanged, isRuleDraft, type RuleChanged, type RuleEvent } from '#domain/rule-event.js';
import { categoryOf, parseStream } from '#domain/streams.js';
import type { EventStore } from '#event-store/event-store.js';
import { evolveCourse, unknownCourse, type CourseContext, type CourseState } from '#rules/course-context.js';
import type { LiveRule, Rulebook } from '#rules/rulebook.js';
import { noRules, type RuleVersions } from './rule-versions.js';

const CATEGORIES = ['course', 'clock', 'cohort', 'rule'];
const PAGE = 1000;

/** An event of a course, clock or cohort stream. */
export type CourseEvent = CourseFactEvent | CorrectionEvent | ClosingTimeReached | CohortRanked;

/** A course as the log has it, and when it was last heard of. */
export interface KnownCourse {
  readonly tenant: string;
  readonly course: string;
  readonly state: CourseState;
  /** When its latest event passed, epoch milliseconds of the wall clock; -Infinity where none has since the start. */
  lastSeen: number;
}

/** Everything that is common to all learners: courses and published rules, folded from the log. Few, so all are held. */
export class Catalogue {
  readonly #courses = new Map<string, Map<string, KnownCourse>>();
  readonly #rules = new Map<string, RuleVersions>();

  /** Folds what the log says of courses and rules up to a position. */
  async load(store: EventStore, upTo: number): Promise<void> {
    for (let after = 0; ; ) {
      const page = await store.readAll({ after, limit: PAGE, categories: CATEGORIES });
      for (const recorded of page) {
        if (recorded.position > upTo) return;
        const parsed = parseStream(recorded.stream);
        if (!parsed || isRuleDraft(recorded.type)) continue;
        const event = readLogEvent(recorded.type, recorded.schema, recorded.json);
        if (categoryOf(recorded.stream) === 'rule') {
          const changed = event as RuleEvent;
          if (isRuleChanged(changed)) this.changeRule(parsed.tenant, changed);
        } else evolveCourse(this.course(parsed.tenant, parsed.subject).state, event as CourseEvent);
      }
      const last = page.at(-1);
      if (!last) return;
      after = last.position;
    }
  }

  *courses(): Generator<KnownCourse> {
    for (const ofTenant of this.#courses.values()) yield* ofTenant.values();
  }

  course(tenant: string, course: string): KnownCourse {
    let ofTenant = this.#courses.get(tenant);
    if (!ofTenant) this.#courses.set(tenant, (ofTenant = new Map<string, KnownCourse>()));
    let known = ofTenant.get(course);
    if (!known) ofTenant.set(course, (known = { tenant, course, state: unknownCourse(), lastSeen: -Infinity }));
    return known;
  }

  contexts(tenant: string): (course: string) => CourseContext {
    return (course) => this.course(tenant, course).state.context;
  }

  /** Takes a publication or a retirement in. */
  changeRule(tenant: string, event: RuleChanged): void {
    this.#rules.set(tenant, this.versions(tenant).with(event));
  }

  versions(tenant: string): RuleVersions {
    return this.#rules.get(tenant) ?? noRules;
  }

  rulebook(tenant: string): Rulebook {
    return this.versions(tenant).rulebook;
  }

  /** The tenants that have rules, with them. */
  *rulebooks(): Generator<readonly [tenant: string, rulebook: Rulebook]> {
    for (const [tenant, versions] of this.#rules) yield [tenant, versions.rulebook];
  }

  /** The highest version of a badge's rule, whether it grants the badge or was retired: what the badge is goes by it. */
  newest(tenant: string, badge: string): LiveRule | undefined {
    return this.versions(tenant).newest(badge);
  }

  /** True for the version that grants its badge now. */
  isLive(tenant: string, rule: LiveRule): boolean {
    return this.versions(tenant).live(rule.rule.badge) === rule;
  }
}
