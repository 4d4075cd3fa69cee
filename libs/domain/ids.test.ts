import fc from 'fast-check';
import { awardId, canonicalJson, contentHash, hashId, hashUuid } from './ids.js';

const parts = fc.array(fc.string({ unit: 'binary' }), { maxLength: 5 });

describe('hashed ids', () => {
  it('are the same for the same parts and well formed', () => {
    fc.assert(
      fc.property(parts, (made) => {
        expect(hashId(...made)).toBe(hashId(...made));
        expect(hashId(...made)).toMatch(/^[0-9a-hjkmnp-tv-z]{26}$/);
        expect(hashUuid(...made)).toBe(hashUuid(...made));
        expect(hashUuid(...made)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      }),
    );
  });

  it('differ where the parts differ, also where only the cuts between them do', () => {
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        fc.pre(JSON.stringify(a) !== JSON.stringify(b));
        expect(hashId(...a)).not.toBe(hashId(...b));
        expect(hashUuid(...a)).not.toBe(hashUuid(...b));
      }),
    );
    expect(hashId('ab', 'c')).not.toBe(hashId('a', 'bc'));
    expect(awardId('t', 'l', 'b', '')).not.toBe(awardId('t', 'l', '', 'b'));
  });

  // Worked out apart from this code, with Python's hashlib over the same JSON text: an id must never change, since the
  // award streams of a log are named after it.
  it('are what they have always been', () => {
    expect(awardId('default', 'ada', 'sql-foundations', '')).toBe('n59vw2egq13tjk11f2ssnzzvr2');
    expect(hashUuid('clock', 'default', 'sql-basics', '0')).toBe('51393187-c25e-89cf-951f-646d93e76a2a');
    expect(contentHash({ b: [1, 'x'], a: null })).toBe('c22cb7b0353770e2b38094af641143ebf008ddf2d1f2dedb9d875996fcf245fa');
  });
});

describe('canonical JSON', () => {
  const shuffled = (value: unknown, order: (a: string, b: string) => number): unknown => {
    if (value === null || typeof value !== 'object') return value;
    if (Array.isArray(value)) return value.map((member) => shuffled(member, order));
    const members = Object.entries(value).sort(([a], [b]) => order(a, b));
    return Object.fromEntries(members.map(([key, member]) => [key, shuffled(member, order)]));
  };

  it('does not depend on the order of members', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(shuffled(value, (a, b) => (a < b ? 1 : -1)))).toBe(text);
        expect(canonicalJson(JSON.parse(JSON.stringify(value)))).toBe(text);
      }),
    );
  });

  it('says the same as JSON', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)))));
  });

  it('keeps the order of lists and leaves undefined members out', () => {
    expect(canonicalJson({ z: [2, 1], a: undefined, b: 'é' })).toBe('{"b":"é","z":[2,1]}');
    expect(canonicalJson([undefined])).toBe('[null]');
  });
});
