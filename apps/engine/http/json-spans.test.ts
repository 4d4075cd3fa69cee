import fc from 'fast-check';
import { elementTexts, memberText } from './json-spans.js';

const spaced = fc.tuple(fc.jsonValue(), fc.constantFrom(undefined, 1, '\t'));

describe('texts within JSON', () => {
  it('gives each element of an array as it was written', () => {
    expect(elementTexts(' [ {"a": 1.0} , "x,]\\"" ,[ ], 5 ] ')).toEqual(['{"a": 1.0}', '"x,]\\""', '[ ]', '5']);
    expect(elementTexts('[]')).toEqual([]);
  });

  it('gives a member of an object as it was written, the last one of a name', () => {
    expect(memberText('{"a" : 1, "\\u0065vents": [ 1 ,2 ] , "b":{}}', 'events')).toBe('[ 1 ,2 ]');
    expect(memberText('{"a":1,"a":2e0}', 'a')).toBe('2e0');
    expect(memberText('{}', 'a')).toBeUndefined();
  });

  it('finds what JSON.parse finds, in any JSON', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { maxLength: 5 }), fc.constantFrom(undefined, 1, '\t'), (values, space) => {
        const text = JSON.stringify(values, null, space);
        expect(elementTexts(text).map((element) => JSON.parse(element) as unknown)).toEqual(JSON.parse(text));
      }),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), spaced, (object, [value, space]) => {
        const text = JSON.stringify({ ...object, events: value }, null, space);
        expect(JSON.parse(memberText(text, 'events') ?? '')).toEqual((JSON.parse(text) as { events: unknown }).events);
      }),
    );
  });
});
