import { parentPort, workerData } from 'node:worker_threads';
import type { RuleFile } from '#awarding/check-rules.js';
import { testRule } from '#awarding/test-rule.js';

/** What the thread is given. */
export interface RuleTestData {
  readonly rule: RuleFile;
  readonly cases: RuleFile;
}

const { rule, cases } = workerData as RuleTestData;
parentPort?.postMessage(testRule(rule, cases));
