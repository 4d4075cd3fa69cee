import type { AttendanceStatus, LearningEventType } from '#domain/learning-event.js';

/** The values of a learning event as they go over the wire: times are ISO 8601 texts. */
export interface WireValues {
  readonly time?: string;
  readonly status?: AttendanceStatus;
  readonly score?: number;
  readonly max?: number;
  readonly kind?: string;
  readonly tags?: readonly string[];
  readonly weight?: number;
  readonly due?: string;
  readonly start?: string;
  readonly timezone?: string;
  readonly title?: string;
  readonly attributes?: Readonly<Record<string, string | number | boolean>>;
}

/** A learning event as `POST /v1/events` takes it. */
export interface WireEvent extends WireValues {
  readonly id: string;
  readonly source: string;
  readonly type: LearningEventType;
  readonly learner?: string;
  readonly course?: string;
  readonly activity?: string;
  readonly badge?: string;
  readonly approver?: string;
  readonly occurrence?: string;
  readonly target?: string;
  readonly changes?: WireValues;
}

/** An event and when its class system sends it, epoch milliseconds. */
export interface Sent {
  readonly event: WireEvent;
  readonly sentAt: number;
}

/** The class systems of the demo school. */
export const SOURCES = { attendance: 'hanbit-attendance', lms: 'hanbit-lms', missions: 'hanbit-missions' } as const;
