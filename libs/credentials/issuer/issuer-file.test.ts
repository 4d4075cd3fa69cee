import { parseIssuer } from './issuer-file.js';

const FILE = `
issuer: academy
name: { en: Hanbit Academy, ko: 한빛 아카데미 }
url: https://hanbit-academy.example
email: badges@hanbit-academy.example
signatory: { name: { en: Jiwoo Han }, title: { en: Director, ko: 원장 } }
accent: "#0b6e69"
certificate: classic
linkedin: "1234567"
`;

describe('an issuer file', () => {
  it('says who signs', () => {
    expect(parseIssuer(FILE, 'academy.issuer.yaml')).toEqual({
      ok: true,
      issuer: 'academy',
      profile: {
        name: { en: 'Hanbit Academy', ko: '한빛 아카데미' }, url: 'https://hanbit-academy.example', email: 'badges@hanbit-academy.example',
        signatory: { name: { en: 'Jiwoo Han' }, title: { en: 'Director', ko: '원장' } }, accent: '#0b6e69', certificate: 'classic', linkedIn: '1234567',
      },
    });
  });

  it('needs a name alone', () => expect(parseIssuer('issuer: a\nname: { en: A }\n', 'f')).toEqual({ ok: true, issuer: 'a', profile: { name: { en: 'A' } } }));

  it.each([
    ['an unknown key', `${FILE}\nlogo: x\n`, 'logo'],
    ['a colour in words', FILE.replace('"#0b6e69"', 'teal'), 'accent'],
    ['a template that is not there', FILE.replace('classic', 'clasic'), 'clasic'],
    ['an address that runs a script', FILE.replace('https://hanbit-academy.example', 'javascript:alert(1)'), 'url'],
    ['no English name', 'issuer: a\nname: { ko: 가 }\n', 'English'],
    ['no mapping', '- a\n', ''],
  ])('is refused with its place: %s', (_what, text, word) => {
    const parsed = parseIssuer(text, 'f.issuer.yaml');
    if (parsed.ok) throw new Error('it was read');
    expect(parsed.diagnostics[0]).toMatchObject({ file: 'f.issuer.yaml', line: expect.any(Number) as number });
    expect(JSON.stringify(parsed.diagnostics)).toContain(word);
  });
});
