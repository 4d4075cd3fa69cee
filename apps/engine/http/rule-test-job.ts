import type { RuleFile } from '#awarding/check-rules.js';
import { testRule, type RuleTest } from '#awarding/test-rule.js';
import { answerWith } from './job-answer.js';

/** What the job is given. */
export interface RuleTestData {
  readonly rule: RuleFile;
  readonly cases: RuleFile;
}

answerWith<RuleTestData, RuleTest>(async ({ rule, cases }) => testRule(rule, cases));
