import type { RuleFile } from '#awarding/check-rules.js';
import { testRule, type RuleTest } from '#awarding/test-rule.js';
import { answerWith } from './thread-answer.js';

/** What the thread is given. */
export interface RuleTestData {
  readonly rule: RuleFile;
  readonly cases: RuleFile;
}

await answerWith<RuleTestData, RuleTest>(async ({ rule, cases }) => testRule(rule, cases));
