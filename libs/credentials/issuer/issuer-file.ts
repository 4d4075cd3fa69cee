import type { IssuerProfile } from '#domain/issuer-event.js';
import type { Diagnostic } from '#rules/diagnostic.js';
import { choice, mapped, mapping, matching, optional, required, type JsonSchema, type Shape } from '#rules/shape.js';
import { ID, IMAGE, LOCALIZED, WEB_ADDRESS } from '#rules/text-shapes.js';
import { openYaml, Report } from '#rules/yaml-reader.js';
import { TEMPLATES } from '../certificate/certificate.js';

/** An issuer as its file says it. */
export interface WrittenIssuer {
  readonly issuer: string;
  readonly profile: IssuerProfile;
}

const SIGNATORY = mapping({
  name: required(LOCALIZED, 'who signs'),
  title: optional(LOCALIZED, 'as what'),
});

const MEMBERS = {
  issuer: required(ID, 'the id by which rules name it'),
  name: required(LOCALIZED, 'what the organisation is called'),
  url: optional(WEB_ADDRESS, 'its own page'),
  email: optional(matching(/^[^\s@]+@[^\s@]+$/, 254, 'an e-mail address'), 'where holders of badges can ask'),
  description: optional(LOCALIZED, 'what it is'),
  image: optional(IMAGE, 'its logo: a file beside the rules, or an address'),
  signatory: optional(SIGNATORY, 'who signs certificates'),
  accent: optional(matching(/^#[0-9a-fA-F]{6}$/, 7, 'a colour like "#0b6e69"'), 'colour of its certificates'),
  certificate: optional(choice(TEMPLATES), 'the template of its certificates'),
  linkedin: optional(matching(/^[0-9]{1,20}$/, 20, "the number of the organisation's page"), "LinkedIn's number of the organisation, which shows its logo there"),
};

const ISSUER: Shape<WrittenIssuer> = mapped(mapping(MEMBERS), ({ issuer, linkedin, ...rest }) => ({
  issuer,
  profile: { ...rest, ...(linkedin !== undefined && { linkedIn: linkedin }) },
}));

export type ParsedIssuer = ({ readonly ok: true } & WrittenIssuer) | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** Reads an issuer file, or tells everything that is wrong with it. Never throws, whatever the text. */
export const parseIssuer = (source: string, file: string): ParsedIssuer => {
  const report = new Report(file);
  const value = openYaml(source, report);
  const read = value && ISSUER.read(value);
  return report.diagnostics.length > 0 || !read ? { ok: false, diagnostics: report.diagnostics } : { ok: true, ...read };
};

/** The JSON Schema (draft 2020-12) of an issuer file, for editors. */
export const issuerSchema = (): JsonSchema => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'https://proofmark.dev/schema/issuer.json',
  title: 'Proofmark issuer',
  description: 'Who signs badges.',
  ...ISSUER.schema,
  $defs: Object.fromEntries([ID, LOCALIZED].map(({ name, definition }) => [name, definition])),
});
