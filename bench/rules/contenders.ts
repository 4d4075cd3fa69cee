import type { LiveRule } from '#rules/rulebook.js';
import type { Contender } from './contender.js';
import { jsonRulesEngine } from './peer-json-rules.js';
import { handWrittenLoop } from './peer-loop.js';
import { sqlRequery } from './peer-sql.js';
import { zenEngine } from './peer-zen.js';

export type PeerName = 'json-rules-engine' | 'zen-engine' | 'loop' | 'sql';

/** Each peer, made for some rules; it rejects where the peer's package cannot be loaded here. */
export const PEERS: Readonly<Record<PeerName, (rules: readonly LiveRule[]) => Contender | Promise<Contender>>> = {
  'json-rules-engine': jsonRulesEngine,
  'zen-engine': zenEngine,
  loop: handWrittenLoop,
  sql: sqlRequery,
};

/** What each peer leaves out, which our engine does in the same time. */
export const LEAVES_OUT: Readonly<Record<PeerName, string>> = {
  'json-rules-engine':
    'knows no facts, time or evidence: it is handed counts, distinct members and means that are kept by hand for each learner in a course, and says which rules they meet. Duplicates are dropped by hand; no corrections, no date of earning, no trace.',
  'zen-engine': 'as json-rules-engine; one compiled decision for each course, with one expression for each rule.',
  loop: 'the same aggregates, kept once for equal criteria; then every rule of the course that is still open, threshold by threshold. No corrections, no date of earning, no trace.',
  sql: 'keeps the events, so evidence could be queried, which is not counted. Duplicates are dropped by key; no corrections, no date of earning. It commits every 1,000 events, synchronous=NORMAL.',
};
