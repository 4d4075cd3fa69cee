import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Credential } from '#domain/credential-event.js';
import { currentFacts } from '#domain/facts.js';
import { readCourse } from '#awarding/course-streams.js';
import type { Language, Template } from '#credentials/certificate/certificate.js';
import { certificateOf, ownLanguage } from '#credentials/document/certificate-of.js';
import { AwardStories, readKnownAward } from '#credentials/issuing/award-story.js';
import { profileOf, readIssuer } from '#credentials/issuing/issuers.js';
import { Recent } from '#event-store/recent.js';
import type { CertificateFiles } from '../batches/render-protocol.js';
import { startRenderers, type Renderers } from '../batches/renderers.js';
import type { Engine } from '../engine.js';
import { BadgePictures } from './badge-pictures.js';
import { InjectEngine } from './engine-token.js';
import { refuse } from './problem.js';

/** How a certificate is drawn. */
export interface CertificateWish {
  readonly language?: Language;
  readonly template?: Template;
  /** Printed on it and kept nowhere. */
  readonly recipient?: string;
}

/** So many may wait for the drawing thread; who comes then is asked to come again. */
const MOST_WAITING = 20;
const KEPT = 50;

/** Draws certificates, in a thread of its own that starts with the first one. */
@Injectable()
export class Certificates implements OnModuleDestroy {
  readonly #stories: AwardStories;
  readonly #kept = new Recent<string, CertificateFiles>(KEPT);
  #renderers: Renderers | undefined;
  #waiting = 0;

  constructor(@InjectEngine() private readonly engine: Engine, private readonly pictures: BadgePictures) {
    this.#stories = new AwardStories(engine.store);
  }

  /** The certificate of a credential as PDF and PNG. @throws a problem: busy */
  async draw(credential: Credential, { language: wanted, template, recipient }: CertificateWish): Promise<CertificateFiles> {
    const { store, config: { publicUrl: base } } = this.engine;
    const { code, award, tenant, issuer } = credential;
    const known = await readKnownAward(store, award);
    const { rule, reference } = await this.#stories.versionOf(known);
    const language = wanted ?? ownLanguage(rule);
    const found = await readIssuer(store, tenant, issuer);
    const profile = profileOf(found, issuer);
    const art = await this.pictures.ofRule(rule, language);
    const logo = profile.image === undefined ? undefined : await this.engine.artwork.find(profile.image, 'logo');
    // What names somebody is not kept.
    const key = recipient === undefined ? JSON.stringify([code, credential.changedAt, reference.hash, found.profileHash, art.key, logo?.state, language, template]) : undefined;
    const kept = key === undefined ? undefined : this.#kept.get(key);
    if (kept) return kept;
    if (this.#waiting >= MOST_WAITING) throw refuse('busy', `${MOST_WAITING} certificates are being drawn already. Ask again in a moment.`);
    this.#waiting += 1;
    try {
      const opened = currentFacts((await readCourse(store, tenant, rule.course)).book).find(({ type }) => type === 'CourseOpened');
      const { validUntil } = known.state;
      const certificate = certificateOf(
        {
          base, profile, rule, code, earnedAt: known.supported.earnedAt, period: known.supported.period,
          timeZone: opened?.values.timezone ?? 'UTC', art: art.svg, ...(logo && 'png' in logo && { logo: logo.png }),
          ...(validUntil !== undefined && { validUntil }), ...(opened?.values.title !== undefined && { course: opened.values.title }),
        },
        { language, ...(template && { template }), ...(recipient !== undefined && { recipient }) },
      );
      const files = await (this.#renderers ??= startRenderers(1)).render(certificate);
      if (key !== undefined) this.#kept.set(key, files);
      return files;
    } finally {
      this.#waiting -= 1;
    }
  }

  async onModuleDestroy(): Promise<void> {
    await this.#renderers?.close();
  }
}
