import { fold } from './decider.js';
import { given } from './given-when-then.js';
import { contentHash } from './ids.js';
import { liveVersionOf, rule, type PublishRule, type RetireRule, type RulePublished, type RuleRetired } from './rule-event.js';

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
