import { makeCase, type MadeCase } from '#awarding/make-case.js';
import type { RecordedHistory } from '#awarding/recorded-history.js';
import type { Rule } from '#rules/rule.js';
import { answerWith } from './job-answer.js';

/** What the job is given. */
export interface RuleCaseData {
  readonly rule: Rule;
  readonly history: RecordedHistory;
  readonly cases: string | undefined;
}

answerWith<RuleCaseData, MadeCase>(async ({ rule, history, cases }) => makeCase(rule, history, cases));
