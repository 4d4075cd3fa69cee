import type { AwardEvent } from '#domain/award.js';
import { categoryOf, parseStream } from '#domain/streams.js';
import { isAwardEvent, isLearningEvent } from './event-kinds.js';
import { forgetLearner } from './forget-learner.js';
import type { LogEntry, Projection } from './projection.js';
import type { Collection, Row, Write } from './read-model.js';

/**
 * What happened to each learner: one row per event of the learner's stream and of the learner's awards. Keyed by the
 * log position alone: rows are appended and the index finds a learner's; rows clustered by learner would rewrite as
 * many pages as a batch has learners and take a third of the rate.
 */
export const TIMELINE: Collection = {
  name: 'timeline',
  columns: {
    position: 'integer',
    tenant: 'text',
    learner: 'text',
    /** Event time; when an award was earned or changed; when a correction without a time was recorded. */
    time: 'integer',
    /** Null for what names no course. */
    course: 'text',
    type: 'text',
    /** Schema version of `entry`. */
    schema: 'integer',
    /** The event's JSON exactly as recorded: read it with `readLogEvent(type, schema, entry)`. */
    entry: 'text',
  },
  key: ['position'],
  indexes: [['tenant', 'learner']],
};

const ofAward = (event: AwardEvent): Row => ({
  learner: event.learner,
  course: event.type === 'BadgeAwarded' ? event.course : null,
  time: event.type === 'BadgeAwarded' ? event.earnedAt : event.decidedAt,
});

/** Whose row an event is, and where it stands in time; undefined for what is about no learner. */
const place = ({ event, recorded }: LogEntry): Row | undefined => {
  if (isAwardEvent(event)) return ofAward(event);
  if (!isLearningEvent(event) || categoryOf(recorded.stream) !== 'learner') return undefined;
  const learner = ('learner' in event ? event.learner : undefined) ?? parseStream(recorded.stream)?.subject;
  return learner === undefined ? undefined : { learner, course: event.course ?? null, time: event.time ?? recorded.recordedAt };
};

/**
 * The rows from which a learner's growth path is worked out when it is read, by the rules that hold then: a new rule
 * version shows at once for everybody, without rebuilding anything. So nothing that a rule decides is stored here.
 */
export const growthPath: Projection = {
  name: 'growth-path',
  version: 1,
  collections: [TIMELINE],
  project: (entries) => {
    const writes: Write[] = [];
    for (const entry of entries) {
      if (entry.event.type === 'LearnerErased') writes.push(...forgetLearner(entry.event, TIMELINE));
      const at = entry.erased ? undefined : place(entry);
      if (!at) continue;
      const { position, type, schema, json } = entry.recorded;
      const row = { position, tenant: entry.tenant, learner: at['learner'], time: at['time'], course: at['course'], type, schema, entry: json };
      writes.push({ op: 'put', collection: 'timeline', row });
    }
    return writes;
  },
};
