import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RulePublished } from '#domain/rule-event.js';
import { readLogEvent } from '#domain/log-event.js';
import { ruleStream } from '#domain/streams.js';
import { openEmbedded, type EmbeddedEventStore } from '#event-store/embedded.js';
import { formatDiagnostic } from '#rules/diagnostic.js';
import { RULE_TEXT } from '#rules/rule-text.js';
import type { RuleFile } from './check-rules.js';
import { checkRules } from './check-rules.js';
import { confirmationOf, inTurn, submitConfirmed, publishRule, publishRules, retireRule, type Publication, type PublishOptions } from './publish-rules.js';
import { readRuleVersions } from './rule-versions.js';

const dir = mkdtempSync(join(tmpdir(), 'proofmark-'));
let store: EmbeddedEventStore;
beforeAll(async () => (store = await openEmbedded({ dir })));
afterAll(async () => {
  await store.close();
  rmSync(dir, { recursive: true });
});

let tenants = 0;
let tenant: string;
beforeEach(() => (tenant = `t${++tenants}`));
const options = (): PublishOptions => ({ store, tenant, newId: randomUUID, now: () => 7 });
const ASKING = { by: 'ana', people: ['ana'] };
const publish = (...files: RuleFile[]): Promise<Publication> => publishRules(files, options());
const file = (badge: string, change: (text: string) => string = (text) => text): RuleFile => ({ file: `${badge}.yaml`, text: change(RULE_TEXT.replace('sql-basics', badge).replace(/^pathway: .*\n/m, '')) });
const versions = async (badge: string): Promise<readonly RulePublished[]> =>
  (await store.readStream(ruleStream(tenant, badge))).map(({ type, schema, json }) => readLogEvent(type, schema, json) as RulePublished);

/** A rule that could be written before criteria selected in several ways. */
const EARLY = `badge: early
name: { en: B }
criteria-text: { en: B }
course: c
decides: continuously
when-corrected: revoke
criteria:
  all:
    - count: { of: missions, at-least: 4 }
    - none: { of: withdrawal }
`;

describe('publishing rule files', () => {
  it('publishes each with its text, and tells up to where the log is', async () => {
    const [a, b] = [file('a'), file('b')];
    const done = await publish(a, b);
    expect(done).toEqual({
      published: [{ badge: 'a', version: 1, file: 'a.yaml' }, { badge: 'b', version: 1, file: 'b.yaml' }], unchanged: [], retired: [], diagnostics: [],
      warnings: [], position: await store.head(),
    });
    expect(await versions('a')).toMatchObject([{ type: 'RulePublished', tenant, badge: 'a', version: 1, source: a.text, publishedAt: 7, document: { badge: 'a', course: 'sql' } }]);
  });

  it('changes nothing the second time, also where only comments have changed', async () => {
    await publish(file('a'));
    const head = await store.head();
    expect(await publish(file('a', (text) => `# other words\n${text}`))).toMatchObject({ published: [], unchanged: ['a'], retired: [], diagnostics: [], position: 0 });
    expect(await store.head()).toBe(head);
  });

  it('changes nothing where it was published in an earlier shape of rules', async () => {
    const early: RuleFile = { file: 'early.yaml', text: EARLY };
    const { rule: { design: _design, ...document }, hash } = await check(early);
    const earlier = JSON.stringify({ tenant, badge: 'early', version: 1, hash: 'of the earlier shape', document, source: EARLY, publishedAt: 1 }).replace(/"selects":\[({[^\]]*})\]/g, '"select":$1');
    expect([earlier.includes('"select":{"type":"Withdrawn"}'), hash]).toEqual([true, expect.not.stringContaining('earlier')]);
    await store.append([{ stream: ruleStream(tenant, 'early'), expected: 'no-stream', events: [{ id: randomUUID(), type: 'RulePublished', schema: 1, json: earlier }] }]);
    expect(await check(early)).toMatchObject({ standing: 'unchanged', version: 1, changes: [] });
    const head = await store.head();
    expect(await publish(early)).toMatchObject({ published: [], unchanged: ['early'], diagnostics: [] });
    expect(await publishRule(await check(early), { expectedVersion: 1 }, options())).toMatchObject({ outcome: 'unchanged', version: 1 });
    expect(await store.head()).toBe(head);
  });

  it('publishes other content as the next version, and the former content as the one after', async () => {
    const other = (text: string): string => text.replace('at-least: 4', 'at-least: 5');
    expect((await publish(file('a'))).published).toMatchObject([{ version: 1 }]);
    expect((await publish(file('a', other))).published).toMatchObject([{ version: 2 }]);
    expect((await publish(file('a'))).published).toMatchObject([{ version: 3 }]);
    const [first, , third] = await versions('a');
    expect(third?.hash).toBe(first?.hash);
  });

  it('leaves a wrong file out and says where, and publishes the others', async () => {
    await publish(file('a'));
    const done = await publish(file('a', (text) => text.replace('revoke', 'burn')), file('b'));
    expect(done.diagnostics.map(formatDiagnostic)).toEqual(['a.yaml:9:17 "when-corrected" is "burn"; expected one of keep, review, revoke']);
    expect(done.published).toMatchObject([{ badge: 'b' }]);
    expect(await versions('a')).toHaveLength(1);
  });

  it('refuses a second file for a badge', async () => {
    const done = await publish(file('a'), { ...file('a', (text) => text.replace('at-least: 4', 'at-least: 5')), file: 'again.yaml' });
    expect(done.diagnostics.map(formatDiagnostic)).toEqual(['again.yaml:1:1 badge "a" has a rule in a.yaml already; expected one rule for each badge']);
    expect(await versions('a')).toHaveLength(1);
  });

  it('publishes once where two do it at once', async () => {
    const both = await Promise.all([publish(file('a')), publish(file('a'))]);
    expect(both.flatMap(({ published }) => published)).toHaveLength(1);
    expect(await versions('a')).toHaveLength(1);
  });

  it('keeps tenants apart', async () => {
    await publish(file('a'));
    tenant = `t${++tenants}`;
    expect((await publish(file('a'))).published).toMatchObject([{ version: 1 }]);
  });
});

/** A rule that asks for other badges. */
const asking = (badge: string, ...badges: string[]): RuleFile => ({
  file: `${badge}.yaml`,
  text: `badge: ${badge}
name: { en: B }
criteria-text: { en: B }
decides: as-soon-as-met
when-corrected: revoke
criteria:
  badges: { badge: [${badges.join(', ')}] }
`,
});

const check = async (one: RuleFile) => {
  const { checked, diagnostics } = checkRules([one], await readRuleVersions(store, tenant));
  expect(diagnostics).toEqual([]);
  const [found] = checked;
  if (!found) throw new Error('nothing was checked');
  return found;
};
const other = (text: string): string => text.replace('at-least: 4', 'at-least: 5');

describe('checking a rule', () => {
  it('says what publishing it would be', async () => {
    expect(await check(file('a'))).toMatchObject({ standing: 'new', liveVersion: 0, version: 1, changes: [] });
    await publish(file('a'));
    expect(await check(file('a'))).toMatchObject({ standing: 'unchanged', liveVersion: 1, version: 1, changes: [] });
    expect(await check(file('a', other))).toMatchObject({ standing: 'changed', liveVersion: 1, version: 2, changes: [{ part: 'criteria all[0].count' }] });
    await retireRule({ badge: 'a', reason: 'r' }, options());
    expect(await check(file('a'))).toMatchObject({ standing: 'retired', liveVersion: 0, version: 2, changes: [] });
  });
});

describe('a rule that is published', () => {
  it('says whether it will decide about everybody at once, or with their next events', async () => {
    const plain: RuleFile = { file: 'early.yaml', text: EARLY };
    const atOnce = async (change: (text: string) => string): Promise<boolean> => (await check({ ...plain, text: change(EARLY) })).decidesAtOnce;
    expect(await atOnce((text) => text)).toBe(true);
    await publish(plain);
    expect([await atOnce((text) => text), await atOnce(other)]).toEqual([false, false]);
    expect([await atOnce((text) => `${text}hold: 2 days\n`), await atOnce((text) => text.replace('at-least: 4', 'at-least: 4, within: 7 days'))]).toEqual([true, true]);
  });
});

describe('a rule that was retired', () => {
  it('stays so when an engine starts with its file, changed or not, until somebody publishes it', async () => {
    await publish(file('a'), file('b'));
    await retireRule({ badge: 'a', reason: 'r', by: 'ana' }, options());
    const head = await store.head();
    for (const again of [file('a'), file('a', other)]) expect(await publish(again, file('b'))).toMatchObject({ published: [], unchanged: ['b'], retired: ['a'] });
    expect(await store.head()).toBe(head);
    expect(await publishRule(await check(file('a')), { by: 'ana' }, options())).toMatchObject({ outcome: 'published', version: 2 });
    expect(await publish(file('a'))).toMatchObject({ unchanged: ['a'], retired: [] });
  });

  it('must have been published', async () => {
    await expect(retireRule({ badge: 'none', reason: 'r' }, options())).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('a confirmation', () => {
  it('publishes for the past what it was given for, and nothing else', async () => {
    await publish(file('a'));
    const shown = await check(file('a', other));
    const token = confirmationOf(tenant, shown, 12);
    await expect(submitConfirmed(await check(file('a', (text) => text.replace('at-least: 4', 'at-least: 6'))), token, ASKING, options())).rejects.toMatchObject({ code: 'RULE_MOVED' });
    await expect(submitConfirmed(shown, token.replace('12-', '13-'), ASKING, options())).rejects.toMatchObject({ code: 'RULE_MOVED' });
    expect(await submitConfirmed(shown, token, ASKING, options())).toMatchObject({ outcome: 'published', version: 2 });
    expect(await versions('a')).toMatchObject([{}, { backfill: true, by: 'ana' }]);
  });

  it('is void once another version is live, also where that happens at the last moment', async () => {
    await publish(file('a'));
    const shown = await check(file('a', other));
    await publish(file('a', (text) => text.replace('at-least: 4', 'at-least: 6')));
    await expect(submitConfirmed(shown, confirmationOf(tenant, shown, 12), ASKING, options())).rejects.toMatchObject({ code: 'RULE_MOVED' });
    await expect(submitConfirmed(await check(file('a', other)), confirmationOf(tenant, shown, 12), ASKING, options())).rejects.toMatchObject({ code: 'RULE_MOVED' });
  });
});

describe('rules that ask for badges', () => {
  it('may be published together, in any order, and are warned about badges that nobody knows or that are retired', async () => {
    const done = await publish(asking('top', 'a', 'missing'), file('a'));
    expect(done.published.map(({ badge }) => badge)).toEqual(['top', 'a']);
    expect(done.warnings.map(formatDiagnostic)[0]).toBe('top.yaml:7:24 warning: no badge "missing" is known');
    await retireRule({ badge: 'a', reason: 'r' }, options());
    expect((await publish(asking('higher', 'a'))).warnings.map(({ message }) => message)).toEqual([expect.stringContaining('badge "a" is retired')]);
  });

  it('may not ask for each other in a circle, with what is live or among themselves', async () => {
    expect((await publish(asking('one', 'two'), asking('two', 'three'), asking('three', 'one'), file('a'))).diagnostics.map(formatDiagnostic)).toEqual([
      'one.yaml:1:1 badge "one" asks for itself: one asks for two asks for three asks for one; expected badges that do not ask for each other in a circle',
    ]);
    const done = await publish(asking('one', 'two'));
    expect(done).toMatchObject({ published: [], diagnostics: [{ file: 'one.yaml' }] });
    expect(await publish(asking('self', 'self'))).toMatchObject({ published: [], diagnostics: [{ file: 'self.yaml' }] });
    expect(await publish(asking('one', 'a'))).toMatchObject({ published: [{ badge: 'one' }], diagnostics: [] });
  });
});

describe('rules that two processes publish at once', () => {
  it('so that they ask for each other: the later one grants nothing until it, or the other, is published otherwise', async () => {
    const [one, two] = [await check(asking('one', 'two')), await check(asking('two', 'one', 'a'))];
    await publishRule(one, {}, options());
    await publishRule(two, {}, options());
    const versions = await readRuleVersions(store, tenant);
    expect(versions.circular.map(({ version, way }) => [version.reference.badge, way])).toEqual([['two', ['two', 'one', 'two']]]);
    expect([versions.live('one'), versions.live('two'), versions.published('two')].map((found) => found?.reference.version)).toEqual([1, undefined, 1]);
    expect(versions.rulebook.rules.map(({ rule }) => rule.badge)).toEqual(['one']);
    expect((await publish(asking('two', 'one', 'a'))).diagnostics.map(({ message }) => message)).toEqual(['badge "two" asks for itself: two asks for one asks for two']);
    const better = await check(asking('two', 'a'));
    expect(better).toMatchObject({ standing: 'changed', liveVersion: 1, version: 2 });
    expect(await publishRule(better, { expectedVersion: 1 }, options())).toMatchObject({ outcome: 'published', version: 2 });
    expect((await readRuleVersions(store, tenant)).live('two')).toMatchObject({ reference: { version: 2 } });
  });

  it('and of versions that are superseded the present ones ask the other way round: those judge nothing any more', async () => {
    await publish(asking('one', 'two'), file('two'));
    await publish(asking('one', 'a'));
    await publish(asking('two', 'one'));
    const versions = await readRuleVersions(store, tenant);
    expect(versions.circular.map(({ version: { reference } }) => [reference.badge, reference.version])).toEqual([['one', 1]]);
    expect([versions.live('one')?.reference.version, versions.live('two')?.reference.version]).toEqual([2, 2]);
  });
});

it('does one thing after another with the rules of a tenant, whatever becomes of the one before', async () => {
  const begun: string[] = [];
  let end = (): void => undefined;
  const first = inTurn({ store, tenant }, async () => {
    begun.push('first');
    await new Promise<void>((resolve) => (end = resolve));
    throw new Error('no');
  });
  const second = inTurn({ store, tenant }, async () => void begun.push('second'));
  await inTurn({ store, tenant: `${tenant}-other` }, async () => void begun.push('of another tenant'));
  expect(begun).toEqual(['first', 'of another tenant']);
  end();
  await expect(first).rejects.toThrow('no');
  await second;
  expect(begun).toEqual(['first', 'of another tenant', 'second']);
});
