import { fold } from './decider.js';
import { given } from './given-when-then.js';
import { contentHash } from './ids.js';
import { liveVersionOf, rule, type DiscardDraft, type PublishRule, type ProposalRejected, type RetirementProposed, type RetireRule, type RuleDraftDiscarded, type RuleDraftSaved, type RuleEvent, type RuleProposed, type RulePublished, type RuleRetired, type SaveDraft } from './rule-event.js';

const content = (name: string) => ({ tenant: 't', badge: 'b', document: { name }, hash: contentHash({ name }), source: 'badge: b', publishedAt: 5 });
const publish = (name: string, more: Partial<PublishRule> = {}): PublishRule => ({ type: 'Publish', ...content(name), ...more });
const published = (version: number, name: string, more: Partial<RulePublished> = {}): RulePublished => ({ type: 'RulePublished', ...content(name), version, ...more });
const retire: RetireRule = { type: 'Retire', tenant: 't', badge: 'b', reason: 'replaced', retiredAt: 9 };
const retired = (version: number): RuleRetired => ({ type: 'RuleRetired', tenant: 't', badge: 'b', reason: 'replaced', retiredAt: 9, version });

describe('publishing a rule', () => {
  it('counts versions from 1', () => given(rule).when(publish('first')).then(published(1, 'first')));
  it('changes nothing where the content is live', () => given(rule, published(1, 'first')).when(publish('first', { backfill: true })).then());
  it('changes nothing where the live content was written, and hashed, in an earlier shape', () => given(rule, published(1, 'first', { hash: 'of the earlier shape' })).when(publish('first')).then());
  it('makes other content the next version', () => given(rule, published(1, 'first')).when(publish('second', { backfill: true, by: 'ana' })).then(published(2, 'second', { backfill: true, by: 'ana' })));
  it('makes former content a version of its own', () => given(rule, published(1, 'first'), published(2, 'second')).when(publish('first')).then(published(3, 'first')));
  it('goes ahead where the live version is the one that was seen', () => given(rule, published(1, 'first')).when(publish('second', { expectedVersion: 1 })).then(published(2, 'second')));
  it('is refused where another version is live', () => given(rule, published(1, 'first'), published(2, 'second')).when(publish('third', { expectedVersion: 1 })).thenThrows('RULE_MOVED'));
  it('is refused where one is live and none was seen', () => given(rule, published(1, 'first')).when(publish('second', { expectedVersion: 0 })).thenThrows('RULE_MOVED'));
  it('is refused where the one that was seen was retired', () => given(rule, published(1, 'first'), retired(1)).when(publish('second', { expectedVersion: 1 })).thenThrows('RULE_MOVED'));
  it('changes nothing where somebody else has published the same', () => given(rule, published(1, 'first'), published(2, 'second')).when(publish('second', { expectedVersion: 1 })).then());
});

describe('retiring a rule', () => {
  it('names the version that was live', () => given(rule, published(1, 'first'), published(2, 'second')).when(retire).then(retired(2)));
  it('twice is as once', () => given(rule, published(1, 'first'), retired(1)).when(retire).then());
  it('is refused where there is none', () => given(rule).when(retire).thenThrows('NOT_FOUND'));
  it('is undone by publishing, the same content included', () => given(rule, published(1, 'first'), retired(1)).when(publish('first', { expectedVersion: 0 })).then(published(2, 'first')));
  it('leaves no version live', () => {
    const events = [published(1, 'first'), retired(1), published(2, 'first')];
    expect([0, 1, 2, 3].map((count) => liveVersionOf(fold(rule, events.slice(0, count))))).toEqual([0, 1, 0, 2]);
  });
});

/** A rule of high stakes, by its name; one whose name begins with "low" is of none. */
const HIGH = (name: string) => {
  const document = { name, ...(!name.startsWith('low') && { stakes: 'high' }) };
  return { tenant: 't', badge: 'b', document, hash: contentHash(document), source: `badge: b # ${name}` };
};
const live = (version: number, name: string): RulePublished => ({ type: 'RulePublished', ...HIGH(name), version, publishedAt: 5 });
const asks = (name: string, by: string, more: Partial<PublishRule> = {}): PublishRule => ({ type: 'Publish', ...HIGH(name), publishedAt: 7, by, people: [by], ...more });
/** What the decider proposes after some events: ids of proposals are its own to make. */
const proposes = (command: PublishRule | RetireRule, ...before: readonly RuleEvent[]): RuleProposed | RetirementProposed => {
  const [event] = rule.decide(command, fold(rule, before));
  if (event?.type !== 'RuleProposed' && event?.type !== 'RetirementProposed') throw new Error(`nothing was proposed, but ${event?.type ?? 'nothing'} decided`);
  return event;
};
const approve = ({ proposal }: { readonly proposal: string }, by: string) => ({ type: 'Approve' as const, badge: 'b', proposal, by, at: 9 });
const rejected = ({ proposal }: { readonly proposal: string }, by: string): ProposalRejected => ({ type: 'ProposalRejected', tenant: 't', badge: 'b', proposal, reason: 'too easy', by, rejectedAt: 9 });
const reject = (found: { readonly proposal: string }, by: string) => ({ ...rejected(found, by), type: 'Reject' as const });

describe('a rule of high stakes', () => {
  const first = proposes(asks('first', 'ana'));
  const second = proposes(asks('second', 'ana'), live(1, 'first'));

  it('is proposed by people, and published by the operator of the machine', () => {
    const { proposal } = first;
    expect(first).toEqual({ type: 'RuleProposed', ...HIGH('first'), proposal, liveVersion: 0, by: 'ana', people: ['ana'], proposedAt: 7 });
    given(rule).when({ type: 'Publish', ...HIGH('first'), publishedAt: 5 }).then(live(1, 'first'));
  });
  it('is not lowered by one alone, nor once it is retired', () => {
    expect(proposes(asks('low', 'ana'), live(1, 'first'))).toMatchObject({ liveVersion: 1, document: { name: 'low' } });
    expect(proposes(asks('low', 'ana'), live(1, 'first'), retired(1))).toMatchObject({ liveVersion: 0 });
  });
  it('goes back to one person once two have lowered it', () => given(rule, live(1, 'first'), live(2, 'low')).when(asks('low too', 'ana')).then({ type: 'RulePublished', ...HIGH('low too'), version: 3, by: 'ana', publishedAt: 7 }));
  it('is published as it was proposed, with both', () =>
    given(rule, live(1, 'first'), second).when(approve(second, 'bea')).then({ type: 'RulePublished', ...HIGH('second'), version: 2, by: 'ana', proposal: second.proposal, approvedBy: 'bea', publishedAt: 9 }));
  it('is published for the past with what it would have changed left in the proposal', () => {
    const found = proposes(asks('second', 'ana', { backfill: true, effects: { granted: 2 } }), live(1, 'first'));
    expect(found).toMatchObject({ backfill: true, effects: { granted: 2 } });
    expect(found.proposal).not.toBe(second.proposal);
    given(rule, live(1, 'first'), found).when(approve(found, 'bea')).then({ type: 'RulePublished', ...HIGH('second'), version: 2, backfill: true, by: 'ana', proposal: found.proposal, approvedBy: 'bea', publishedAt: 9 });
  });
  it('is not approved by who proposed it, nor by who has had the key in hand', () => {
    given(rule, first).when(approve(first, 'ana')).thenThrows('SECOND_PERSON');
    const byKey = proposes(asks('first', 'key-1', { people: ['ana', 'cem'] }));
    for (const by of ['ana', 'cem', 'key-1']) given(rule, byKey).when(approve(byKey, by)).thenThrows('SECOND_PERSON');
  });
  it('is approved once', () => given(rule, first, { ...live(1, 'first'), proposal: first.proposal }).when(approve(first, 'bea')).thenThrows('NOT_FOUND'));
  it('is not approved for another version than was live', () => {
    given(rule, live(1, 'first'), second, live(2, 'other')).when(approve(second, 'bea')).thenThrows('RULE_MOVED');
    given(rule, live(1, 'first'), second, retired(1)).when(approve(second, 'bea')).thenThrows('RULE_MOVED');
  });
  it('is not approved where nothing is live again, but something was in between', () => given(rule, first, live(1, 'other'), retired(1)).when(approve(first, 'bea')).thenThrows('RULE_MOVED'));
  it('stays the first proposer’s where another proposes the same', () => given(rule, first).when(asks('first', 'bea')).then());
  it('is proposed anew where the same was meant for what was', () => {
    const anew = proposes(asks('first', 'bea'), first, live(1, 'other'), retired(1));
    given(rule, first, live(1, 'other'), retired(1), anew).when(approve(anew, 'bea')).thenThrows('SECOND_PERSON');
    given(rule, first, live(1, 'other'), retired(1), anew).when(approve(anew, 'ana')).then({ type: 'RulePublished', ...HIGH('first'), version: 2, by: 'bea', proposal: anew.proposal, approvedBy: 'ana', publishedAt: 9 });
  });
  it('has one open proposal of each proposer, the latest', () => {
    const later = proposes(asks('later', 'ana'), first);
    expect(fold(rule, [first, later]).proposals).toEqual([later]);
    given(rule, first, later).when(approve(first, 'bea')).thenThrows('NOT_FOUND');
    const other = proposes(asks('other', 'bea'), first);
    expect(fold(rule, [first, other]).proposals).toEqual([first, other]);
  });
  it('is refused where another version is live than was seen', () => given(rule, live(1, 'first'), live(2, 'second')).when(asks('third', 'ana', { expectedVersion: 1 })).thenThrows('RULE_MOVED'));
  it('changes nothing where it is live as it is', () => given(rule, live(1, 'first')).when(asks('first', 'ana')).then());
});

describe('a proposal', () => {
  const first = proposes(asks('first', 'ana'));

  it('is rejected by anybody, its proposer included, and then open no more', () => {
    for (const by of ['ana', 'bea']) given(rule, first).when(reject(first, by)).then(rejected(first, by));
    given(rule, first, rejected(first, 'bea')).when(approve(first, 'bea')).thenThrows('NOT_FOUND');
    given(rule, first, rejected(first, 'bea')).when(reject(first, 'bea')).thenThrows('NOT_FOUND');
  });
  it('can be made again', () => given(rule, first, rejected(first, 'bea')).when(asks('first', 'ana')).then(first));
  it('is rejected when it is stale, too', () => given(rule, first, live(1, 'other')).when(reject(first, 'ana')).then(rejected(first, 'ana')));
});

describe('retiring a rule of high stakes', () => {
  const asked: RetireRule = { ...retire, by: 'ana', people: ['ana'] };
  const found = proposes(asked, live(1, 'first'));

  it('is proposed by people, and done by the operator', () => {
    expect(found).toEqual({ type: 'RetirementProposed', tenant: 't', badge: 'b', proposal: found.proposal, reason: 'replaced', liveVersion: 1, by: 'ana', people: ['ana'], proposedAt: 9 });
    given(rule, live(1, 'first')).when(retire).then(retired(1));
  });
  it('is done with a second person', () => {
    given(rule, live(1, 'first'), found).when(approve(found, 'ana')).thenThrows('SECOND_PERSON');
    given(rule, live(1, 'first'), found).when(approve(found, 'bea')).then({ ...retired(1), by: 'ana', proposal: found.proposal, approvedBy: 'bea' });
  });
  it('twice is as once', () => given(rule, live(1, 'first'), found).when(asked).then());
  it('is done by one person where the stakes are low', () => given(rule, live(1, 'low')).when(asked).then({ ...retired(1), by: 'ana' }));
});

const BASE = { tenant: 't', badge: 'b', course: 'c1', source: 'badge: [', by: 'ana', savedAt: 3 };
const saves = (more: Partial<SaveDraft> = {}): SaveDraft => ({ type: 'SaveDraft', ...BASE, ...more });
const saved = (more: Partial<RuleDraftSaved> = {}): RuleDraftSaved => ({ type: 'RuleDraftSaved', ...BASE, basedOn: 0, ...more });
const discards: DiscardDraft = { type: 'DiscardDraft', tenant: 't', badge: 'b', by: 'bea', discardedAt: 4 };
const gone: RuleDraftDiscarded = { type: 'RuleDraftDiscarded', tenant: 't', badge: 'b', by: 'bea', discardedAt: 4 };
const draftAfter = (...events: readonly RuleEvent[]) => fold(rule, events).draft;

describe('a draft', () => {
  it('is kept whatever it says, before there is a rule', () => given(rule).when(saves({ source: '', cases: ':' })).then(saved({ source: '', cases: ':' })));
  it('is based on the live version', () => given(rule, published(1, 'first'), published(2, 'second')).when(saves()).then(saved({ basedOn: 2 })));
  it('is based on none where the rule was retired', () => given(rule, published(1, 'first'), retired(1)).when(saves()).then(saved({ basedOn: 0 })));
  it('stays based on the version on which it was begun', () => given(rule, published(1, 'first'), saved({ basedOn: 1 }), published(2, 'second')).when(saves({ source: 'more' })).then(saved({ source: 'more', basedOn: 1 })));
  it('is not saved twice as it is, whoever does it and whatever they have seen', () => given(rule, saved({ cases: 'x' })).when(saves({ cases: 'x', by: 'bea', savedAt: 9, expectedRevision: 0 })).then());
  it('is saved for another text, other cases or another course', () => {
    for (const more of [{ source: 'other' }, { cases: 'other' }, { course: 'c2' }]) given(rule, saved({ cases: 'x' })).when(saves({ cases: 'x', ...more })).then(saved({ cases: 'x', ...more }));
  });
  it('has no cases where none are sent', () => given(rule, saved({ cases: 'x' })).when(saves({ source: 'more' })).then(saved({ source: 'more' })));
  it('is not saved over what its author has not seen', () => {
    given(rule, saved()).when(saves({ source: 'mine', expectedRevision: 0 })).thenThrows('DRAFT_MOVED');
    given(rule, saved(), saved({ source: 'theirs' })).when(saves({ source: 'mine', expectedRevision: 1 })).thenThrows('DRAFT_MOVED');
    given(rule, saved(), gone).when(saves({ source: 'mine', expectedRevision: 1 })).thenThrows('DRAFT_MOVED');
    given(rule, saved(), gone).when(saves({ source: 'mine', expectedRevision: 2 })).then(saved({ source: 'mine' }));
    given(rule).when(saves({ expectedRevision: 0 })).then(saved());
  });
  it('is discarded once, and not where somebody has gone on with it', () => {
    given(rule, saved()).when(discards).then(gone);
    given(rule, saved(), gone).when(discards).then();
    given(rule).when(discards).thenThrows('NOT_FOUND');
    given(rule, saved(), saved({ source: 'more' })).when({ ...discards, expectedRevision: 1 }).thenThrows('DRAFT_MOVED');
  });
  it('ends when it is published word for word, and its cases are remembered', () => {
    const draft = saved({ source: 'badge: b', cases: 'x' });
    expect(draftAfter(draft, published(1, 'first'))).toEqual({ course: 'c1', cases: 'x', publishedCases: 'x', basedOn: 0, by: 'ana', savedAt: 3, revision: 1 });
    expect(draftAfter(draft, published(1, 'first', { source: 'badge: b # other' }))).toMatchObject({ source: 'badge: b', revision: 1 });
    given(rule, draft, published(1, 'first')).when(saves({ source: 'next', cases: 'x' })).then(saved({ source: 'next', cases: 'x', basedOn: 1 }));
    expect(draftAfter(draft, published(1, 'first'), saved({ source: 'next' }), gone)).toMatchObject({ cases: 'x' });
  });
  it('ends when it is approved', () => {
    const source = HIGH('first').source;
    const found = proposes(asks('first', 'ana'), saved({ source }));
    const [event] = rule.decide(approve(found, 'bea'), fold(rule, [saved({ source }), found]));
    expect(event).toMatchObject({ type: 'RulePublished' });
    expect(draftAfter(saved({ source }), found, event as RulePublished)).not.toHaveProperty('source');
  });
  it('gives way to the cases that were published, where it is discarded', () => {
    const before = [saved({ source: 'badge: b', cases: 'x' }), published(1, 'first'), saved({ source: 'next', cases: 'y', basedOn: 1 })];
    expect(draftAfter(...before, gone)).toMatchObject({ cases: 'x', revision: 3 });
    expect(draftAfter(...before, gone)).not.toHaveProperty('source');
    expect(draftAfter(saved({ cases: 'y' }), gone)).not.toHaveProperty('cases');
  });
  it('changes nothing about versions and proposals, and outlives them', () => {
    const first = proposes(asks('first', 'ana'));
    expect(fold(rule, [first, saved()])).toMatchObject({ status: 'none', proposals: [first] });
    expect(fold(rule, [published(1, 'first'), saved({ basedOn: 1 }), retired(1)])).toMatchObject({ status: 'retired', version: 1, draft: { source: 'badge: [' } });
    given(rule, published(1, 'first'), saved({ basedOn: 1 })).when(publish('second', { expectedVersion: 1 })).then(published(2, 'second'));
  });
});
