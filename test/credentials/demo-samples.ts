import { readRuleVersions } from '#awarding/rule-versions.js';
import { newCode, CODE_BYTES } from '#credentials/code.js';
import { signDocument } from '#credentials/data-integrity.js';
import { issuerDid, keyAddress } from '#credentials/document/addresses.js';
import { isoSeconds, languagesOf, openBadge, type Statement } from '#credentials/document/open-badge.js';
import { evidenceUnderTest } from '#credentials/document/statement-under-test.js';
import { profileOf, readIssuer } from '#credentials/issuing/issuers.js';
import type { JsonObject } from '#credentials/json-ld/json.js';
import { signVcJwt } from '#credentials/vc-jwt.js';
import { signingKey, type Issuer } from '#domain/issuer-event.js';
import { AS_ADMIN } from '#engine/http/admin-under-test.js';
import type { ServerUnderTest } from '#engine/http/server-under-test.js';
import type { LiveRule } from '#rules/rulebook.js';

/** What a stranger may have of a badge in one language. */
export interface Sample {
  readonly badge: string;
  readonly language: string;
  /** Whether somebody earned it; else it was made from the rule for this test, with evidence that is none. */
  readonly earned: boolean;
  readonly json: Buffer;
  readonly jwt: string;
  /** Pictures with the credential baked in; none of a badge that nobody has. */
  readonly png?: Buffer;
  readonly svg?: Buffer;
}

/** Fetches from the engine what stands at a path. @throws where nothing does */
export const download = async ({ app }: ServerUnderTest, path: string): Promise<Buffer> => {
  const { statusCode, rawPayload } = await app.nest.inject({ method: 'GET', url: path, headers: AS_ADMIN });
  if (statusCode !== 200) throw new Error(`${path} answers ${statusCode}`);
  return rawPayload;
};

/** The newest credential of a badge that counts; undefined where nobody has one. */
const holding = async ({ engine }: ServerUnderTest, badge: string): Promise<string | undefined> => {
  const rows = await engine.readModels.find('credential', { where: { tenant: engine.config.tenant, badge, status: 'active' }, orderBy: ['code'] });
  for (const { code, award } of rows) {
    // One that has expired is genuine and does not hold any more.
    if ((await engine.readModels.get('award', { award }))?.['status'] === 'active') return code as string;
  }
  return undefined;
};

/** A document in the place of one that was earned: as issuing signs it, of a subject and with evidence that are made up. */
const madeFrom = async ({ engine }: ServerUnderTest, { rule, reference }: LiveRule, issuerId: string, issuer: Issuer, language: string): Promise<Sample> => {
  const { publicUrl: base, tenant } = engine.config;
  const now = Date.now() - 60_000;
  const [held] = await engine.readModels.find('credential', { where: { tenant, issuer: issuerId, status: 'active' }, limit: 1 });
  const statement: Statement = {
    base,
    issuer: { id: issuerId, profile: profileOf(issuer, issuerId) },
    rule,
    reference,
    code: newCode(new Uint8Array(CODE_BYTES)),
    subject: 'urn:uuid:00000000-0000-8000-8000-000000000001',
    earnedOn: isoSeconds(now),
    validUntil: now + 86_400_000,
    evidence: evidenceUnderTest(rule),
    traceHash: 'b'.repeat(64),
    status: { list: held?.['list'] as number, index: held?.['place'] as number },
    issuedAt: now,
  };
  const document = openBadge(statement, language, languagesOf(rule)) as JsonObject;
  const [proving, tokens] = [signingKey(issuer, 'Ed25519'), signingKey(issuer, 'ES256')];
  if (!proving || !tokens) throw new Error(`the issuer ${issuerId} has no keys`);
  const signed = await signDocument(document, {
    signer: (bytes) => engine.keys.sign(proving.kid, bytes), verificationMethod: `${issuerDid(base, issuerId)}#${proving.kid}`, created: isoSeconds(now),
  });
  const jwt = await signVcJwt(document, { algorithm: 'ES256', keyId: keyAddress(base, issuerId, tokens.kid), sign: (bytes) => engine.keys.sign(tokens.kid, bytes) });
  return { badge: rule.badge, language, earned: false, json: Buffer.from(JSON.stringify(signed)), jwt };
};

/**
 * Each badge in each of its languages, as it is downloaded where somebody holds it, and in any case one that is made from its rule: with
 * results and an expiry, whatever the demo's learners did.
 */
export const demoSamples = async (server: ServerUnderTest): Promise<readonly Sample[]> => {
  const { store, config: { tenant } } = server.engine;
  const samples: Sample[] = [];
  for (const live of (await readRuleVersions(store, tenant)).all()) {
    const { badge, design } = live.rule;
    const issuerId = design.issuer ?? tenant;
    const issuer = await readIssuer(store, tenant, issuerId);
    const code = await holding(server, badge);
    for (const language of languagesOf(live.rule)) {
      const at = `/credentials/${code}/${language}`;
      if (code !== undefined) {
        const [json, jwt, png, svg] = [await download(server, at), await download(server, `${at}?format=jwt`), await download(server, `${at}/badge.png`), await download(server, `${at}/badge.svg`)];
        samples.push({ badge, language, earned: true, json, jwt: jwt.toString(), png, svg });
      }
      samples.push(await madeFrom(server, live, issuerId, issuer, language));
    }
  }
  return samples;
};
