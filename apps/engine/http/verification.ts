import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { contentHash } from '#domain/ids.js';
import { issuerDid, parseStatusListAddress } from '#credentials/document/addresses.js';
import { CanonicalTemplates } from '#credentials/json-ld/canonical-templates.js';
import { everyEdition } from '#credentials/issuing/read-credential.js';
import { fetchedIssuers, fetchedTexts } from '#credentials/verify/fetched-issuers.js';
import { guardedFetch } from '#credentials/verify/guarded-fetch.js';
import { statedHash, type Known } from '#credentials/verify/records.js';
import type { Report } from '#credentials/verify/report.js';
import { firstOf } from '#credentials/verify/resolve-issuer.js';
import type { LoadText } from '#credentials/verify/status.js';
import { verifyBadge, type VerifyPorts } from '#credentials/verify/verify-badge.js';
import type { Engine } from '../engine.js';
import { Engagement } from './engagement/engagement.js';
import { InjectEngine } from './engine-token.js';
import { IssuedCredentials } from './issued-credentials.js';
import { ownIssuers } from './own-issuers.js';

const UNKNOWN = { reason: 'unknown', detail: 'it is not one of ours, and nobody else is asked' } as const;

/** Verifies badges: ours against the log, those of others by what they publish, where the engine may ask them. */
@Injectable()
export class Verification {
  readonly #ports: VerifyPorts;

  constructor(
    @InjectEngine() engine: Engine,
    private readonly issued: IssuedCredentials,
    private readonly engagement: Engagement,
  ) {
    const own = ownIssuers(engine);
    const loadOwn = this.#loadOwn;
    const known = this.#known;
    const canonicalizeRecorded = new CanonicalTemplates().canonicalize;
    if (!engine.config.verifyOnline) this.#ports = { resolveIssuer: own, loadStatusList: loadOwn, known, canonicalizeRecorded };
    else {
      const fetch = guardedFetch({});
      const texts = fetchedTexts(fetch);
      const loadStatusList: LoadText = async (address) => {
        const found = await loadOwn(address);
        return 'reason' in found ? texts(address) : found;
      };
      this.#ports = { resolveIssuer: firstOf(own, fetchedIssuers({ fetch, now: Date.now })), loadStatusList, known, canonicalizeRecorded, loadHosted: texts };
    }
  }

  /** What is found out about a badge as somebody gave it. */
  verify(input: Uint8Array | string): Promise<Report> {
    return verifyBadge(input, this.#ports, Date.now());
  }

  /** Notes that somebody has verified a file, where it is a badge of ours. */
  async noteUpload({ badge }: Report, request: FastifyRequest): Promise<void> {
    const [, code = ''] = badge?.id.startsWith(`${this.issued.base}/credentials/`) ? (/\/credentials\/([^/]+)\/[^/]+$/.exec(badge.id) ?? []) : [];
    const ours = await this.issued.find(code);
    if (ours) this.engagement.note(ours, 'verification', 'upload', request);
  }

  readonly #loadOwn: LoadText = async (address) => {
    const asked = parseStatusListAddress(this.issued.base, address);
    if (!asked) return UNKNOWN;
    const list = await this.issued.findStatusList(asked);
    return list ? { text: JSON.stringify(list) } : UNKNOWN;
  };

  readonly #known: Known = async ({ id, issuer }) => {
    const { base } = this.issued;
    const [, code, language] = id.startsWith(`${base}/credentials/`) ? (/\/credentials\/([^/]+)\/([^/]+)$/.exec(id) ?? []) : [];
    const ours = issuer === issuerDid(base, issuer.split(':').at(-1) ?? '');
    if (code === undefined || language === undefined) return ours ? 'unknown' : 'not-ours';
    const credential = await this.issued.find(code);
    if (!credential || issuer !== issuerDid(base, credential.issuer)) return 'unknown';
    return { status: credential.status, traceHash: contentHash(credential.trace), editions: everyEdition(credential, language).map(({ document, newest }) => ({ hash: statedHash(document), newest })) };
  };
}
