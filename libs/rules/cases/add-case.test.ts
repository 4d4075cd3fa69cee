import fc from 'fast-check';
import { addCase } from './add-case.js';
import { parseCases } from './parse-cases.js';
import { yamlFlow, yamlText } from './yaml-flow.js';

const LINES = ['case: new', 'events:', '  - { type: Withdrawn, time: day 3 }', 'expect: { awarded: false }'];
const added = (text: string) => {
  const read = parseCases(text, 'c.yaml');
  if (!read.ok) throw new Error(JSON.stringify(read.diagnostics));
  return addCase(text, read, LINES);
};

const HEAD = '# about these\ncourse: { start: 2026-03-02 }  # a Monday\n';
const ONE = 'case: one\n    # why\n    expect:\n      awarded: false';

describe('adding a case', () => {
  it.each<[string, string]>([
    ['at the end', `${HEAD}cases:\n  - ${ONE}\n`],
    ['after a last line without an end', `${HEAD}cases:\n  - ${ONE}`],
    ['after remarks and blank lines', `${HEAD}cases:\n\n  - ${ONE}\n    # the last word\n\n# and this\n`],
    ['below dashes that are not indented', `${HEAD}cases:\n- case: one\n  expect: { awarded: false }\n`],
    ['below dashes that stand far off', `${HEAD}cases:\n    -   case: one\n        expect: { awarded: false }\n`],
    ['below a case in braces', `${HEAD}cases:\n  - { case: one, expect: { awarded: false } }\n`],
  ])('puts it %s, and leaves the rest as it is', (_where, text) => {
    const made = added(text);
    expect(made?.text.startsWith(text)).toBe(true);
    expect(made?.added).toMatchObject({ case: 'new', events: [{ type: 'Withdrawn' }], course: { start: expect.anything() as unknown } });
  });

  it('keeps ends of lines', () => {
    const text = `${HEAD}cases:\n  - ${ONE}\n`.replaceAll('\n', '\r\n');
    expect(added(text)?.text).toBe(`${text}${LINES.map((line, i) => `${i === 0 ? '  - ' : '    '}${line}\r\n`).join('')}`);
  });

  it('puts it above what follows the list, and below what is said of the last case', () => {
    const text = `cases:\n  - ${ONE}\n\n# of all\ncourse: { start: 2026-03-02 }\n`;
    expect(added(text)?.text).toBe(`cases:\n  - ${ONE}\n${LINES.map((line, i) => `${i === 0 ? '  - ' : '    '}${line}\n`).join('')}\n# of all\ncourse: { start: 2026-03-02 }\n`);
  });

  it('does not write into a list in brackets', () => expect(added(`${HEAD}cases: [{ case: one, expect: { awarded: false } }]\n`)).toBeUndefined());

  it('adds nothing that is no case', () => {
    const text = `${HEAD}cases:\n  - ${ONE}\n`;
    const read = parseCases(text, 'c.yaml');
    expect(read.ok && addCase(text, read, ['case: one', 'expect: { awarded: false }'])).toBeUndefined(); // there is one of that name
    expect(read.ok && addCase(text, read, ['case: two'])).toBeUndefined();
  });
});

describe('text as YAML has it', () => {
  it('is read back as it was written', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }), fc.constantFrom('yes', 'No', 'null', '~', 'day 3 09:00', '12', '1e3', 'a: b', 'a #b', '- a', 'a, b', '-1', 'true', '0x1f', '2026-03-02T09:00:00.000Z', '한글 제목')), (text) => {
        // What the reader takes for no text at all, or for a file that was saved wrongly.
        fc.pre(text.trim() === text && text !== '' && !/[\0\ufffd\p{Cs}]/u.test(text));
        const read = parseCases(`cases:\n  - case: ${yamlText(text)}\n    events: [${yamlFlow({ type: 'MissionCompleted', activity: text, time: '2026-03-02' })}]\n    expect: { awarded: false }\n`, 'c.yaml');
        expect(read).toMatchObject({ ok: true, cases: [{ case: text, events: [{ activity: text }] }] });
      }),
    );
  });
});
