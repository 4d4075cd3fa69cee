import { rename, rm } from 'node:fs/promises';
import type { Credential } from '#domain/credential-event.js';
import { explain } from '#awarding/explain.js';
import type { ArtworkForm } from '#credentials/artwork/safe-artwork.js';
import { variantPlaces } from '#credentials/badge-art/variant.js';
import { csvLine, CSV_MARK } from '#credentials/batch/csv-writing.js';
import { createZip, type ZipWriter } from '#credentials/batch/zip.js';
import type { Certificate, Language, Template } from '#credentials/certificate/certificate.js';
import { showCode } from '#credentials/code.js';
import { verifyAddress } from '#credentials/document/addresses.js';
import { certificateOf, ownLanguage, type CertificateSubject } from '#credentials/document/certificate-of.js';
import { profileOf, readIssuer } from '#credentials/issuing/issuers.js';
import { readCredentials } from '#credentials/issuing/read-credential.js';
import type { Row } from '#projections/read-model.js';
import { isoTime } from '#projections/timeline-view.js';
import type { Words } from '#rules/words.js';
import { badgePicture } from './badge-picture.js';
import type { Batch, BatchEngine } from './batch.js';
import { groupsOf, type KnownRow } from './rows.js';
import { startRenderers, type Renderers } from './renderers.js';
import type { CertificateFiles } from './render-protocol.js';

/** A good row whose learner does not have the badge after all. */
export interface NotAwarded {
  readonly line: number;
  readonly learner: string;
  /** What is missing, or why not, in sentences. */
  readonly missing: readonly Words[];
}

/** What came of a batch. */
export interface Outcome {
  /** Good rows whose learner has the badge now. */
  readonly awarded: number;
  readonly notAwarded: number;
  /** The first of them. */
  readonly lacking: readonly NotAwarded[];
  /** Pictures that the badge and its issuer name and that are not on the certificates, with the reasons; a badge has one that was made instead. */
  readonly unused: readonly string[];
}

/** How the outcome is told. */
export interface ArchiveOptions {
  /** Where the ZIP file comes; nothing is drawn where absent. */
  readonly zip?: string;
  readonly template?: Template;
  /** For rows that name none. */
  readonly language?: Language;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly signal: AbortSignal;
  readonly onRows?: (rows: number) => void;
}

const LISTED = 50;
const THREADS = 2;
/** So many certificates are on their way at once: keeps the threads busy and memory bounded. */
const UNDER_WAY = 8;
const INDEX = ['name', 'learner', 'code', 'verification', 'certificate (PDF)', 'certificate (PNG)', 'credential (JSON)'];

const STATES: Readonly<Record<string, Words>> = {
  suspended: { en: 'the badge is suspended until a person decides', ko: '배지가 보류되어 담당자의 결정을 기다립니다' },
  revoked: { en: 'the badge was revoked; a batch does not bring it back', ko: '취소된 배지입니다. 일괄 발급으로는 되살릴 수 없습니다' },
  expired: { en: 'the badge has expired; a batch does not renew it', ko: '만료된 배지입니다. 일괄 발급으로는 갱신되지 않습니다' },
};

const missingFor = async ({ store, config: { tenant } }: BatchEngine, badge: string, learner: string, status: unknown, now: number): Promise<readonly Words[]> => {
  const state = STATES[String(status)];
  if (state !== undefined) return [state];
  const { remaining, decidesAt, earnedAt } = await explain(store, { tenant, learner, badge, now });
  const steps = remaining.steps.map(({ text }) => text);
  if (decidesAt !== undefined) steps.push({ en: `it is decided on ${isoTime(decidesAt)}`, ko: `${isoTime(decidesAt)}에 결정됩니다` });
  if (steps.length > 0) return steps;
  return [earnedAt === undefined ? { en: 'it is decided later', ko: '나중에 결정됩니다' } : { en: 'it is awarded after the time that the rule holds it back', ko: '규칙이 정한 유예 기간이 지나면 수여됩니다' }];
};

/** A certificate on its way into the archive. */
interface UnderWay {
  readonly row: KnownRow;
  readonly credential: Credential;
  readonly language: Language;
  readonly files: Promise<CertificateFiles>;
}

class Archive {
  #index = CSV_MARK + csvLine(INDEX);
  readonly #underWay: UnderWay[] = [];

  constructor(private readonly zip: ZipWriter, private readonly renderers: Renderers, private readonly base: string) {}

  /** Draws a certificate and adds it with its credential; resolves when there is room for another one. */
  async take(row: KnownRow, credential: Credential, certificate: Certificate): Promise<void> {
    const files = this.renderers.render(certificate);
    files.catch(() => undefined); // it is awaited in its turn, maybe after another one has failed
    this.#underWay.push({ row, credential, language: certificate.language, files });
    if (this.#underWay.length >= UNDER_WAY) await this.#add();
  }

  async #add(): Promise<void> {
    const next = this.#underWay.shift();
    if (!next) return;
    const { row: { entry, learner }, credential: { code, editions }, language } = next;
    const { pdf, png } = await next.files;
    const edition = editions[language] ?? Object.values(editions)[0];
    const paths = [`certificates/${code}.pdf`, `certificates/${code}.png`, `credentials/${code}.json`] as const;
    await this.zip.add(paths[0], pdf);
    await this.zip.add(paths[1], png);
    await this.zip.add(paths[2], JSON.stringify(edition));
    this.#index += csvLine([entry.name ?? '', learner, showCode(code), verifyAddress(this.base, code), ...paths]);
  }

  async end(): Promise<void> {
    while (this.#underWay.length > 0) await this.#add();
    await this.zip.add('index.csv', this.#index);
    await this.zip.end();
  }

  async close(): Promise<void> {
    this.zip.abandon();
    await this.renderers.close();
  }
}

/** What of a batch's badge is the same on each certificate. */
const subjects = ({ store, artwork, config: { tenant, publicUrl } }: BatchEngine, { badge: { live, versions, timeZone, courseTitle } }: Batch, unused: Set<string>) => {
  const { badge } = live.rule;
  const find = async (name: string | undefined, form: ArtworkForm) => {
    const found = name === undefined ? undefined : await artwork.find(name, form);
    if (found && 'refused' in found) unused.add(`${form === 'logo' ? "the issuer's logo" : "the badge's picture"} ${name ?? ''}: ${found.refused}`);
    return found;
  };
  const pictures = new Map<string, string>();
  const place = variantPlaces(versions.firsts()).get(badge);
  const issuerId = (rule: typeof live.rule): string => rule.design.issuer ?? tenant;
  const profiles = new Map<string, Pick<CertificateSubject, 'profile' | 'logo'>>();
  const profiled = async (id: string): Promise<Pick<CertificateSubject, 'profile' | 'logo'>> => {
    const profile = profileOf(await readIssuer(store, tenant, id), id);
    const logo = await find(profile.image, 'logo');
    return { profile, ...(logo && 'png' in logo && { logo: logo.png }) };
  };
  return async (award: Row, code: string, language: Language): Promise<CertificateSubject> => {
    const rule = versions.version(badge, award['ruleVersion'] as number)?.rule ?? live.rule;
    const id = issuerId(rule);
    let issuer = profiles.get(id);
    if (!issuer) profiles.set(id, (issuer = await profiled(id)));
    const key = `${award['ruleVersion'] as number} ${language}`;
    let art = pictures.get(key);
    if (art === undefined) pictures.set(key, (art = await badgePicture(rule, language, { place, artwork: await find(rule.design.image, 'badge') })));
    const validUntil = award['validUntil'] as number | null;
    return {
      base: publicUrl, ...issuer, rule, code, earnedAt: award['earnedAt'] as number, timeZone, art,
      ...(validUntil !== null && { validUntil }), ...(courseTitle !== undefined && { course: courseTitle }),
    };
  };
};

/**
 * Tells who of a batch has the badge, and writes their certificates and credentials into a ZIP file, which is there when
 * it is whole. Everything must be decided and issued before. Names are read from the batch's file and go nowhere else.
 * @throws ProofmarkError; what writing the file throws; the signal's reason
 */
export const archiveBatch = async (engine: BatchEngine, batch: Batch, options: ArchiveOptions): Promise<Outcome> => {
  const { zip, template, now, signal, onRows } = options;
  const { rule } = batch.badge.live;
  const unused = new Set<string>();
  const subjectOf = subjects(engine, batch, unused);
  const part = `${zip ?? ''}.part`;
  if (zip !== undefined) await rm(part, { force: true });
  const archive = zip === undefined ? undefined : new Archive(await createZip(part), startRenderers(THREADS), engine.config.publicUrl);
  let [awarded, notAwarded] = [0, 0];
  const lacking: NotAwarded[] = [];
  try {
    for await (const { good } of groupsOf(engine, batch, now)) {
      const rows = good.length === 0 ? [] : await engine.readModels.find('award', { where: { award: { in: good.map(({ award }) => award) } } });
      const awards = new Map(rows.map((row) => [row['award'] as string, row]));
      for (const row of good) {
        signal.throwIfAborted();
        const { learner, entry } = row;
        const award = awards.get(row.award);
        if (award?.['status'] !== 'active') {
          notAwarded += 1;
          if (lacking.length < LISTED) lacking.push({ line: entry.line, learner, missing: await missingFor(engine, rule.badge, learner, award?.['status'], now) });
          continue;
        }
        awarded += 1;
        if (!archive) continue;
        const credential = (await readCredentials(engine.store, row.award)).at(-1);
        if (!credential) throw new Error(`the award ${row.award} has no credential`);
        const language = entry.language ?? options.language ?? ownLanguage(rule);
        const subject = await subjectOf(award, credential.code, language);
        const certificate = certificateOf(subject, { language, ...(template && { template }), ...(entry.name !== undefined && { recipient: entry.name }) });
        await archive.take(row, credential, certificate);
        onRows?.(awarded + notAwarded);
      }
    }
    await archive?.end();
    if (zip !== undefined) await rename(part, zip);
    return { awarded, notAwarded, lacking, unused: [...unused] };
  } finally {
    await archive?.close();
    if (zip !== undefined) await rm(part, { force: true });
  }
};
