import { collection as collectionDecider, type CollectionEvent } from '#domain/collection.js';
import { consents as consentsDecider, type ConsentEvent } from '#domain/consent.js';
import { fold } from '#domain/decider.js';
import { readLogEvent, type LogEvent } from '#domain/log-event.js';
import { learnerIdOf, learnerOfEmail } from '#domain/recipient.js';
import { awardStream, collectionStream, consentStream, credentialStream, engagementStream, learnerStream } from '#domain/streams.js';
import type { RecordedEvent } from '#event-store/event-store.js';
import { shownContent } from '#intake/letter-content.js';
import { isoTime } from '#projections/timeline-view.js';
import type { ZipWriter } from '#credentials/batch/zip.js';
import { readProfile } from '#vault/profiles.js';
import type { Engine } from '../engine.js';
import { EXPORT_README } from './export-readme.js';
import { lettersAbout } from './letters-about.js';

/** What exporting uses of an engine. */
export type ExportingEngine = Pick<Engine, 'store' | 'vault' | 'keys' | 'readModels' | 'config'>;

/** What was exported, in numbers. */
export interface Exported {
  readonly learner: string;
  readonly events: number;
  readonly awards: number;
  readonly credentials: number;
  readonly letters: number;
}

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;

/** An event as it stands in the log, with its place there. */
const recordedView = ({ id, type, schema, json: text, stream, revision, position, recordedAt }: RecordedEvent) => ({
  id, type, schema, stream, revision, position, recordedAt: isoTime(recordedAt), data: JSON.parse(text) as unknown,
});

const eventsOf = (recorded: readonly RecordedEvent[]): readonly LogEvent[] => recorded.map(({ type, schema, json: text }) => readLogEvent(type, schema, text));

/**
 * Writes everything that is kept about a learner into a ZIP file, as JSON with a README in English and Korean: profile,
 * consents, the awards that they show, recorded events, awards with their traces and why each was decided, credentials, what became of them among
 * others, dead letters. It ends the file. Looks through all dead letters.
 * @throws as the stores and the file do
 */
export const exportLearner = async (engine: ExportingEngine, { tenant, learner: given, now }: { readonly tenant: string; readonly learner: string; readonly now: number }, zip: ZipWriter): Promise<Exported> => {
  const { store, vault, keys, readModels } = engine;
  const learner = await learnerIdOf(keys, tenant, given);
  const profile = await readProfile(vault, tenant, learner);
  const consentEvents = await store.readStream(consentStream(tenant, learner));
  const facts = await store.readStream(learnerStream(tenant, learner));
  await zip.add('README.txt', EXPORT_README);
  await zip.add('profile.json', json({ tenant, learner, exportedAt: isoTime(now), ...profile }));
  await zip.add('consents.json', json({ now: fold(consentsDecider, eventsOf(consentEvents) as readonly ConsentEvent[]), history: consentEvents.map(recordedView) }));
  const shown = await store.readStream(collectionStream(tenant, learner));
  await zip.add('collection.json', json({ now: fold(collectionDecider, eventsOf(shown) as readonly CollectionEvent[]), history: shown.map(recordedView) }));
  await zip.add('events.ndjson', facts.map((one) => `${JSON.stringify(recordedView(one))}\n`).join(''));

  const awards = await readModels.find('award', { where: { tenant, learner }, orderBy: ['award'] });
  for (const { award } of awards) {
    const history = (await store.readStream(awardStream(award as string))).map(recordedView);
    await zip.add(`awards/${award as string}.json`, json({ award, history }));
  }
  const credentials = await readModels.find('credential', { where: { tenant, learner }, orderBy: ['code'] });
  const codes = new Map(credentials.map(({ code, badge }) => [code as string, badge as string]));
  for (const { award } of awards) {
    const history = await store.readStream(credentialStream(award as string));
    if (history.length > 0) await zip.add(`credentials/${award as string}.json`, json({ award, history: history.map(recordedView) }));
    for (const event of eventsOf(history)) {
      if (event.type !== 'CredentialIssued' && event.type !== 'CredentialRenewed') continue;
      for (const [language, document] of Object.entries(event.editions)) await zip.add(`credentials/${event.code}-${event.at}-${language}.json`, json(document));
    }
  }
  const engagement: unknown[] = [];
  for (const badge of new Set(codes.values())) {
    for (const one of await store.readStream(engagementStream(tenant, badge))) {
      const [event] = eventsOf([one]);
      if (event && 'code' in event && codes.has(event.code)) engagement.push(recordedView(one));
    }
  }
  await zip.add('engagement.json', json(engagement));
  // By the id alone: a name is whatever the learner says it is, and would open letters about others.
  const letters = (await lettersAbout(engine, { tenant, learner, texts: [] }, (email) => learnerOfEmail(keys, tenant, email))).about;
  await zip.add('dead-letters.json', json(letters.map(({ rejected: { letter, reason, detail, format, origin, rejectedAt }, raw }) => ({ letter, reason, detail, format, origin, rejectedAt: isoTime(rejectedAt), ...shownContent(raw) }))));
  await zip.end();
  return { learner, events: facts.length, awards: awards.length, credentials: credentials.length, letters: letters.length };
};
