import { checked, matching, named, text, type Named } from './shape.js';
import type { LocalizedText } from './rule.js';

/** The id of a badge, an issuer or a level. */
export const ID = named('id', matching(/^[a-z0-9][a-z0-9-]*$/, 64, 'lower-case letters, digits and hyphens, at most 64'));

/** The id of a course. */
export const COURSE = text(200, 'the id of a course, as the class system sends it');

const LANGUAGE = /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/;
const MAX_TEXT = 2000;

/** A text for each of some languages, English among them. */
export const LOCALIZED: Named<LocalizedText> = named('localized', {
  read: (value) => {
    const texts = value.mapping();
    if (!texts) return undefined;
    const entries: [string, string][] = [];
    for (const [language, at, text] of texts.entries()) {
      const read = text.text(MAX_TEXT);
      if (!LANGUAGE.test(language)) at.fail(`"${language}" is not a language tag`, '"en", "ko", …');
      else if (read !== undefined) entries.push([language, read]);
    }
    if (!entries.some(([language]) => language === 'en')) return value.fail(`"${value.label}" has no English text`, '"en: …"');
    return Object.fromEntries(entries);
  },
  schema: {
    type: 'object',
    properties: { en: { ...text(MAX_TEXT).schema, description: 'English' }, ko: { ...text(MAX_TEXT).schema, description: '한국어' } },
    required: ['en'],
    propertyNames: { pattern: LANGUAGE.source },
    additionalProperties: text(MAX_TEXT).schema,
  },
  expected: 'a text for each language: "en: …", "ko: …"',
});

/** An address of something on the web, or a name of it that never changes (urn:…). */
export const WEB_ADDRESS = checked(
  matching(/^(https?:\/\/|urn:)\S+$/, 2000, 'an address that begins with https://, http:// or urn:'),
  (address) => (URL.canParse(address) ? undefined : `"${address}" is not an address`),
  { type: 'string', format: 'uri' },
);

/** A picture: a file beside the rules, never above them, or an address. */
export const IMAGE = matching(
  /^(https:\/\/\S+|(?![A-Za-z][A-Za-z0-9+.-]*:|\/)(?!(.*\/)?\.\.(\/|$))[^\\]+)$/,
  500,
  'the name of a file beside the rules, or an address that begins with https://',
);
