interface Wake {
  readonly learner: string;
  readonly badge: string;
  readonly at: number;
}

interface OfCourse {
  readonly wakes: Map<string, Wake>;
  earliest: number;
}

/**
 * When rules have to be decided again though nothing happens, by course: the end of a hold or of a validity, a deadline
 * of an absence. Only kept in memory: a start looks at everybody in the courses that have such rules.
 */
export class Wakes {
  readonly #courses = new Map<string, OfCourse>();

  /** Notes the next moment for a learner's badge; an earlier one stands. */
  add(tenant: string, course: string, learner: string, badge: string, at: number): void {
    const key = JSON.stringify([tenant, course]);
    let ofCourse = this.#courses.get(key);
    if (!ofCourse) this.#courses.set(key, (ofCourse = { wakes: new Map(), earliest: Infinity }));
    const id = JSON.stringify([learner, badge]);
    const known = ofCourse.wakes.get(id);
    if (known && known.at <= at) return;
    ofCourse.wakes.set(id, { learner, badge, at });
    ofCourse.earliest = Math.min(ofCourse.earliest, at);
  }

  /** The latest moment of a course that has come; undefined where none has. */
  due(tenant: string, course: string, now: number): number | undefined {
    const ofCourse = this.#courses.get(JSON.stringify([tenant, course]));
    if (!ofCourse || ofCourse.earliest > now) return undefined;
    let latest: number | undefined;
    for (const { at } of ofCourse.wakes.values()) if (at <= now) latest = Math.max(latest ?? -Infinity, at);
    return latest;
  }

  /** Hands over who waits for a moment up to this one. */
  take(tenant: string, course: string, upTo: number): readonly Wake[] {
    const ofCourse = this.#courses.get(JSON.stringify([tenant, course]));
    if (!ofCourse || ofCourse.earliest > upTo) return [];
    const taken: Wake[] = [];
    ofCourse.earliest = Infinity;
    for (const [id, wake] of ofCourse.wakes) {
      if (wake.at <= upTo) {
        ofCourse.wakes.delete(id);
        taken.push(wake);
      } else {
        ofCourse.earliest = Math.min(ofCourse.earliest, wake.at);
      }
    }
    return taken;
  }
}
