import { rule as ruleDecider } from '#domain/rule-event.js';
import { ruleStream } from '#domain/streams.js';
import type { EventStore } from '#event-store/event-store.js';
import { execute } from '#event-store/execute.js';
import type { Diagnostic } from '#rules/diagnostic.js';
import { parseRule } from '#rules/parse.js';

/** A rule file as it was read. */
export interface RuleFile {
  /** Its name, for diagnostics. */
  readonly file: string;
  readonly text: string;
}

/** What became of the rule files. */
export interface Publication {
  readonly published: readonly { readonly badge: string; readonly version: number; readonly file: string }[];
  /** Badges whose live version has the same content. */
  readonly unchanged: readonly string[];
  /** Files that are wrong are not published; what was live before stays live. */
  readonly diagnostics: readonly Diagnostic[];
  /** Position of the last publication; 0 where nothing was published. */
  readonly position: number;
}

export interface PublishOptions {
  readonly store: EventStore;
  readonly tenant: string;
  readonly newId: () => string;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Publishes every rule file that is right and new; the same content twice changes nothing. */
export const publishRules = async (files: readonly RuleFile[], options: PublishOptions): Promise<Publication> => {
  const { store, tenant, newId, now } = options;
  const published: { badge: string; version: number; file: string }[] = [];
  const unchanged: string[] = [];
  const diagnostics: Diagnostic[] = [];
  const firstFile = new Map<string, string>();
  let position = 0;
  for (const { file, text } of files) {
    const parsed = parseRule(text, file);
    if (!parsed.ok) {
      diagnostics.push(...parsed.diagnostics);
      continue;
    }
    const { badge } = parsed.rule;
    const other = firstFile.get(badge);
    if (other !== undefined) {
      const message = `badge "${badge}" has a rule in ${other} already`;
      diagnostics.push({ file, line: 1, column: 1, message, expected: 'one rule for each badge' });
      continue;
    }
    firstFile.set(badge, file);
    const command = { tenant, badge, hash: parsed.hash, document: parsed.rule, source: text, publishedAt: now() };
    const done = await execute(store, ruleDecider, ruleStream(tenant, badge), command, { newId });
    const event = done.events[0];
    if (!event) {
      unchanged.push(badge);
      continue;
    }
    published.push({ badge, version: event.version, file });
    position = done.position ?? position;
  }
  return { published, unchanged, diagnostics, position };
};
