import type { IssuerProfile } from '#domain/issuer-event.js';
import type { JsonObject } from '../json-ld/json.js';
import { issuerAddress, issuerDid } from './addresses.js';
import { cleanText, inLanguage } from './localized.js';

/** Who issues (OB 3.0 `Profile`), in a language: as it stands in credentials, and at the issuer's address. */
export const profileNode = (base: string, id: string, profile: IssuerProfile, language: string): JsonObject => ({
  id: issuerDid(base, id),
  type: ['Profile'],
  name: cleanText(inLanguage(profile.name, language)),
  url: profile.url ?? issuerAddress(base, id),
  ...(profile.email !== undefined && { email: profile.email }),
  ...(profile.description && { description: cleanText(inLanguage(profile.description, language)) }),
});
