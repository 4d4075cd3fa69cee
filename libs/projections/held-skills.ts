import type { AwardState } from '#domain/award.js';
import type { LearningEvent } from '#domain/learning-event.js';
import { categoryOf, parseStream } from '#domain/streams.js';
import { isAwardEvent, isLearningEvent } from './event-kinds.js';
import { forgetLearner } from './forget-learner.js';
import type { LogEntry, Projection } from './projection.js';
import type { Collection, Write } from './read-model.js';

/**
 * What may say in which group a learner is: enrolments, and corrections, any of which may be of an enrolment and come before it. One row
 * an event, as recorded, so that who reads them folds them as facts are folded everywhere.
 */
export const ENROLMENT: Collection = {
  name: 'enrolment',
  columns: {
    position: 'integer',
    tenant: 'text',
    learner: 'text',
    type: 'text',
    /** Schema version of `entry`. */
    schema: 'integer',
    /** The event's JSON exactly as recorded: read it with `readLogEvent(type, schema, entry)`. */
    entry: 'text',
  },
  key: ['position'],
  indexes: [['tenant', 'position'], ['tenant', 'learner', 'position']],
};

/** Which badge each award gives to whom, and whether it counts now: what it takes to know who can do what, and no more. */
export const HOLDING: Collection = {
  name: 'holding',
  columns: {
    award: 'text',
    tenant: 'text',
    learner: 'text',
    badge: 'text',
    /** active, suspended, revoked or expired. */
    status: 'text',
    /** Log position of the last change: who has read up to one reads on from there. */
    position: 'integer',
  },
  key: ['award'],
  indexes: [['tenant', 'position'], ['tenant', 'learner']],
};

/** How often learners of a tenant were erased: rows that are gone say nothing, so who has read them looks here whether to read anew. */
export const FORGOTTEN: Collection = { name: 'forgotten', columns: { tenant: 'text', learners: 'integer' }, key: ['tenant'] };

/** What an award is after an event; undefined where the event leaves it as it is. */
const STATUS: Readonly<Record<string, AwardState>> = {
  BadgeAwarded: 'active',
  AwardRenewed: 'active',
  AwardReinstated: 'active',
  AwardSuspended: 'suspended',
  AwardRevoked: 'revoked',
  AwardExpired: 'expired',
};

/** A correction can be of any fact; one that replaces neither attributes nor anything by which enrolments are told apart is of no interest. */
const mayConcernEnrolment = (event: LearningEvent): boolean => {
  if (event.type === 'Enrolled' || event.type === 'FactRetracted') return true;
  return event.type === 'FactReplaced' && (event.changes?.attributes !== undefined || event.changes?.role !== undefined || event.changes?.time !== undefined);
};

const enrolment = ({ event, recorded, tenant }: LogEntry): Write | undefined => {
  if (!isLearningEvent(event) || !mayConcernEnrolment(event) || categoryOf(recorded.stream) !== 'learner') return undefined;
  const learner = ('learner' in event ? event.learner : undefined) ?? parseStream(recorded.stream)?.subject;
  if (learner === undefined) return undefined;
  const { position, type, schema, json } = recorded;
  return { op: 'put', collection: 'enrolment', row: { position, tenant, learner, type, schema, entry: json } };
};

/** Who holds what, and in which group they are: what skills and roles are counted from. */
export const heldSkills: Projection = {
  name: 'held-skills',
  version: 1,
  collections: [ENROLMENT, HOLDING, FORGOTTEN],
  project: (entries) =>
    entries.flatMap((entry): readonly Write[] => {
      const { event, recorded: { position } } = entry;
      if (event.type === 'LearnerErased') return [...forgetLearner(event, ENROLMENT, HOLDING), { op: 'add', collection: 'forgotten', key: { tenant: event.tenant }, add: { learners: 1 } }];
      if (entry.erased) return [];
      if (!isAwardEvent(event)) {
        const write = enrolment(entry);
        return write ? [write] : [];
      }
      const status = STATUS[event.type];
      if (status === undefined) return [];
      const { award, tenant, learner, badge } = event;
      if (event.type === 'BadgeAwarded') return [{ op: 'put', collection: 'holding', row: { award, tenant, learner, badge, status, position } }];
      return [{ op: 'patch', collection: 'holding', key: { award }, set: { status, position } }];
    }),
};
