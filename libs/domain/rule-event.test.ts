import { fold } from './decider.js';
import { given } from './given-when-then.js';
import { liveVersionOf, rule, type PublishRule, type RetireRule, type RulePublished, type RuleRetired } from './rule-event.js';

const content = { tenant: 't', badge: 'b', document: {}, source: 'badge: b', publishedAt: 5 };
const publish = (hash: string, more: Partial<PublishRule> = {}): PublishRule => ({ type: 'Publish', ...content, hash, ...more });
const published = (version: number, hash: string, more: Partial<RulePublished> = {}): RulePublished => ({ type: 'RulePublished', ...content, version, hash, ...more });
const retire: RetireRule = { type: 'Retire', tenant: 't', badge: 'b', reason: 'replaced', retiredAt: 9 };
const retired = (version: number): RuleRetired => ({ type: 'RuleRetired', tenant: 't', badge: 'b', reason: 'replaced', retiredAt: 9, version });

describe('publishing a rule', () => {
  it('counts versions from 1', () => given(rule).when(publish('h1')).then(published(1, 'h1')));
  it('changes nothing where the content is live', () => given(rule, published(1, 'h1')).when(publish('h1', { backfill: true })).then());
  it('makes other content the next version', () => given(rule, published(1, 'h1')).when(publish('h2', { backfill: true, by: 'ana' })).then(published(2, 'h2', { backfill: true, by: 'ana' })));
  it('makes former content a version of its own', () => given(rule, published(1, 'h1'), published(2, 'h2')).when(publish('h1')).then(published(3, 'h1')));
  it('goes ahead where the live version is the one that was seen', () => given(rule, published(1, 'h1')).when(publish('h2', { expectedVersion: 1 })).then(published(2, 'h2')));
  it('is refused where another version is live', () => given(rule, published(1, 'h1'), published(2, 'h2')).when(publish('h3', { expectedVersion: 1 })).thenThrows('RULE_MOVED'));
  it('is refused where one is live and none was seen', () => given(rule, published(1, 'h1')).when(publish('h2', { expectedVersion: 0 })).thenThrows('RULE_MOVED'));
  it('is refused where the one that was seen was retired', () => given(rule, published(1, 'h1'), retired(1)).when(publish('h2', { expectedVersion: 1 })).thenThrows('RULE_MOVED'));
  it('changes nothing where somebody else has published the same', () => given(rule, published(1, 'h1'), published(2, 'h2')).when(publish('h2', { expectedVersion: 1 })).then());
});

describe('retiring a rule', () => {
  it('names the version that was live', () => given(rule, published(1, 'h1'), published(2, 'h2')).when(retire).then(retired(2)));
  it('twice is as once', () => given(rule, published(1, 'h1'), retired(1)).when(retire).then());
  it('is refused where there is none', () => given(rule).when(retire).thenThrows('NOT_FOUND'));
  it('is undone by publishing, the same content included', () => given(rule, published(1, 'h1'), retired(1)).when(publish('h1', { expectedVersion: 0 })).then(published(2, 'h1')));
  it('leaves no version live', () => {
    const events = [published(1, 'h1'), retired(1), published(2, 'h1')];
    expect([0, 1, 2, 3].map((count) => liveVersionOf(fold(rule, events.slice(0, count))))).toEqual([0, 1, 0, 2]);
  });
});
