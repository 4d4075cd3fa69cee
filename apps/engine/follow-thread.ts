import { randomBytes } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import type { AuditStatus } from '#audit/auditing.js';
import type { AwardingStatus } from '#awarding/awarding.js';
import { ISSUING_CATEGORIES, type IssuingStatus } from '#credentials/issuing/issuing.js';
import { SECRET_NAMES } from '#credentials/keys/key-provider.js';
import { openLocalKeys } from '#credentials/keys/local-keys.js';
import { messageOf, ProofmarkError } from '#domain/errors.js';
import { shareSubscription } from '#event-store/shared-subscription.js';
import { ALL_PROJECTIONS } from '#projections/all.js';
import { projectionProgress, type ProjectionState } from '#projections/progress.js';
import { attachLog, kafkaOptions, openDivision, type Log } from './adapters.js';
import type { Role } from './engines-config.js';
import type { FollowData, FromFollowers, IssuerRequest, ToFollowers } from './follow-protocol.js';
import { openReadModelsOf } from './followed-log.js';
import { KEYS_DIR } from './key-files.js';
import { AUDIT_DIR, shown, startAuditing, type KeepingAudit } from './stages/auditing.js';
import { startDeciding, type Deciding, type DecidingOptions } from './stages/deciding.js';
import { checkpointsToRegister, checkpointsIn } from './stages/checkpoints.js';
import { patientReadModels } from './stages/patient-read-models.js';
import { startProjecting, type Projecting } from './stages/projecting.js';
import { awardingCheckpoint, dealt, leads } from './stages/shares.js';
import { ISSUING, ISSUING_CHECKPOINT, startSigning, type Signing } from './stages/signing.js';
import { keepRunning, type Stage } from './stages/stage.js';
import { BADGES_TOPIC, startTelling, type Telling } from './stages/telling.js';
import { tenantUrl } from './tenants.js';

/*
 * The thread that follows the log: it decides awards, signs credentials, builds read models and keeps the audit, each from its own
 * checkpoint, or of each the shares that this process has. It has the second core; intake has the first. Everything that it
 * writes is guarded (award and credential streams by expected revision, read models by their checkpoint), so it may be killed
 * at any instruction, and two that take one share for theirs do no harm.
 */

/** So often awarding looks whether it still makes sense to wait for the roster: a stop must not wait with it. */
const ROSTER_CHECK_MS = 500;
/** So often it is looked how far other processes have come. */
const ELSEWHERE_MS = 100;
const WAIT_MS = 10;

const port = parentPort;
if (!port) throw new Error('follow-thread runs as a worker thread');
const say = (message: FromFollowers): void => port.postMessage(message);

const { log, models, roles, kafka, alone, tenant, dataDir, base, passphrase, auditCopyDir } = workerData as FollowData;
const does = (role: Role): boolean => roles.includes(role);
const BATCH = 6000;
const own = await attachLog(log);
/** Let the thread die of what does not pass by itself; the engine sees it. */
const die = (error: unknown): void => queueMicrotask(() => { throw error; });
const tell: Log = (level, message) => say({ op: 'log', level, message });
const stop = new AbortController();
setMaxListeners(0, stop.signal); // as many wait as there are calls under way while a database is out of reach
const divided = await openDivision(kafka, tell, die, stop.signal);
const shares = divided?.of ?? 1;
const division = alone ? undefined : divided;
const keys = does('issue') ? await openLocalKeys({ dir: join(dataDir, KEYS_DIR), ...(passphrase !== undefined && { passphrase }) }) : undefined;
const startAudit = (checkpointKeys: NonNullable<typeof keys>): KeepingAudit =>
  startAuditing({
    store: own,
    dir: join(dataDir, AUDIT_DIR),
    ...(auditCopyDir !== undefined && { copyTo: auditCopyDir }),
    keys: checkpointKeys,
    address: base,
    now: Date.now,
    random: (length) => randomBytes(length),
    onProgress: (status: AuditStatus) => say({ op: 'audit', status }),
    log: (message) => tell('warning', message),
  });
/** The one process that signs credentials keeps the audit. */
const audit: Stage<KeepingAudit> | undefined = keys && !alone ? await keepRunning('audit', division, async (part) => (leads(part) ? startAudit(keys) : undefined)) : undefined;
/** Awarding and the projections share one reading of the log, where they are the same as long as the process lives; the audit sees it. */
const readers = [does('decide'), does('project')].filter(Boolean).length;
const store: DecidingOptions['store'] = division || readers === 0 ? own : shareSubscription(shown(own, (after, events) => audit?.now()?.offer(after, events)), readers);
const decidingCheckpoints = Array.from({ length: shares }, (_none, share) => awardingCheckpoint(share, shares));
const registered = checkpointsToRegister(decidingCheckpoints, [ISSUING_CHECKPOINT, { name: BADGES_TOPIC, version: 1, collections: [] }]);
const { readModels, noteLog } = await openReadModelsOf(own, models, [...ALL_PROJECTIONS, ...registered], stop.signal);
const patient = patientReadModels(readModels, stop.signal);
const checkpoints = await checkpointsIn(patient, registered.map(({ name }) => name));

const progress = projectionProgress();
/** What runs here, and what the read models say of the others. */
let [here, elsewhere]: [readonly ProjectionState[], readonly ProjectionState[]] = [[], []];
const reportProjections = (): void => {
  const states = [...here, ...elsewhere.filter(({ projection }) => !here.some((one) => one.projection === projection))];
  progress.report(states);
  say({ op: 'projections', states });
};
const projecting: Stage<Projecting> | undefined = does('project')
  ? await keepRunning('project', division, async (part) => {
      here = [];
      return startProjecting({
        store,
        readModels,
        projections: dealt(ALL_PROJECTIONS, part),
        batchSize: BATCH,
        onProgress: (states) => {
          here = states;
          reportProjections();
        },
        onFailure: die,
      });
    })
  : undefined;
/** Generations that somebody is building, as of the last look. */
let lookedFor: ReadonlySet<string> = new Set();
const watchOthers = async (): Promise<void> => {
  while (!stop.signal.aborted) {
    const known = await patient.projections();
    // Somebody else may have asked for a rebuild, while nothing happens in the log that would lead there. Once for each: it may be for newer code.
    const asked = known.flatMap(({ name, rebuilding }) => (rebuilding ? [`${name} ${rebuilding.generation}`] : []));
    if (asked.some((one) => !lookedFor.has(one))) projecting?.now()?.look();
    lookedFor = new Set(asked);
    elsewhere = known.filter(({ name }) => ALL_PROJECTIONS.some((one) => one.name === name)).map(({ name, generation, checkpoint }) => ({ projection: name, generation, checkpoint, state: 'live', status: 'following' }));
    reportProjections();
    await sleep(ELSEWHERE_MS, undefined, { signal: stop.signal, ref: false });
  }
};
/** Where somebody else builds read models, or can ask for it, how far they are stands in the read models alone. */
const watching = division || models.kind === 'mongodb' || !does('project') ? watchOthers().catch((error: unknown) => { if (!stop.signal.aborted) die(error); }) : undefined;

let awarding: AwardingStatus = { state: 'running', position: 0 };
const deciding: Stage<Deciding> | undefined = does('decide')
  ? await keepRunning('decide', division, async (part) =>
      startDeciding(part, {
        store,
        checkpoints,
        noteLog,
        inItsTime: models.kind === 'mongodb',
        onFailure: die,
        roster: async (tenant, course, position) => {
          while (!(await progress.waitFor('roster', position, ROSTER_CHECK_MS))) {
            stop.signal.throwIfAborted();
            const parked = progress.list().find(({ projection, status }) => projection === 'roster' && status === 'parked');
            if (parked) throw new ProofmarkError('NOT_CAUGHT_UP', `The course roster is parked: ${parked.message ?? ''}`);
          }
          const rows = await patient.find('roster', { where: course === '' ? { tenant } : { tenant, course } });
          return [...new Set(rows.map(({ learner }) => learner as string))];
        },
        now: Date.now,
        batchSize: BATCH,
        onProgress: (status) => {
          awarding = status;
          say({ op: 'awarding', status });
        },
      }),
    )
  : undefined;

let issuing: IssuingStatus = { state: 'running', position: 0, unsigned: [], unsignedCount: 0 };
/** Profiles that whoever signs publishes first, so that no credential calls its issuer by an id. */
const wanted: IssuerRequest[] = [];
let released = false;
const perform = async ({ issuers }: Signing, request: IssuerRequest): Promise<void> => {
  const { tenant, issuer, by } = request;
  const act = { tenant, issuer, ...(by !== undefined && { by }) };
  switch (request.act) {
    case 'ready':
      await issuers.ready(act);
      break;
    case 'publish':
      await issuers.publish(act, request.profile);
      break;
    case 'rotate':
      await issuers.rotate(act, request.algorithm);
      break;
    case 'compromised':
      await issuers.compromised(act, request.kid, request.reason);
      break;
    case 'reissue':
      await issuers.reissue(act, request.reason);
      break;
  }
};
const signing: Stage<Signing> | undefined = keys && (await keepRunning('issue', division, async (part) => {
  if (!leads(part)) return undefined;
  for (const secret of SECRET_NAMES) await keys.mac(secret, ''); // made now: the other threads only read the ring
  const started = startSigning({
    store: own,
    readModels: patient,
    keys,
    base: (of) => tenantUrl(base, tenant, of),
    now: Date.now,
    random: (length) => randomBytes(length),
    checkpoints,
    onProgress: (status) => {
      issuing = status;
      say({ op: 'issuing', status });
    },
  });
  for (const request of wanted) await perform(started, request);
  if (released) started.begin();
  return started;
}));
/** One process tells of awards; not always the one that signs. */
const telling: Stage<Telling> | undefined = does('issue') && kafka?.badgesTopic !== undefined
  ? await keepRunning('tell', division, async (part) => (leads(part) ? startTelling({ store: own, checkpoints, kafka: kafkaOptions(kafka), topic: kafka.badgesTopic ?? '', tenant, source: base, log: tell, onFailure: die }) : undefined))
  : undefined;
const startIssuing = (): void => {
  released = true;
  signing?.now()?.begin();
};
const actFor = async (request: IssuerRequest): Promise<void> => {
  const here = signing?.now();
  if (here) return perform(here, request);
  if (!division || (request.act !== 'publish' && request.act !== 'ready')) throw new ProofmarkError('USAGE', 'This process signs no credentials. Ask the one that does: of the processes with the role "issue", the one that has share 0.');
  wanted.push(request); // for when this process comes to lead; the one that does has published it from its own files
};

/** How far all awards are decided, whoever decides them. */
const decidedUpTo = async (): Promise<number> => (does('decide') && !divided ? awarding.position : checkpoints.least(decidingCheckpoints));
/** How far all credentials are issued. */
const issuedUpTo = async (): Promise<number> => (signing && !divided ? issuing.position : checkpoints.least([ISSUING]));

/** Waits until everything up to a position is decided and shown. @throws ProofmarkError NOT_CAUGHT_UP when something is parked. */
const reached = async (position: number): Promise<void> => {
  for (;;) {
    stop.signal.throwIfAborted();
    const { state, reason } = awarding;
    if (state === 'parked') throw new ProofmarkError('NOT_CAUGHT_UP', `Awarding has stopped: ${reason ?? ''}`);
    const parked = progress.list().find(({ status }) => status === 'parked');
    if (parked) throw new ProofmarkError('NOT_CAUGHT_UP', `The projection "${parked.projection}" is parked: ${parked.message ?? ''}`);
    const shown = progress.list().every(({ checkpoint }) => position === 0 || checkpoint >= position);
    if (shown && progress.list().length >= ALL_PROJECTIONS.length && (await decidedUpTo()) >= position) return;
    await sleep(WAIT_MS, undefined, { signal: stop.signal });
  }
};

/** Waits until every award that is in the log up to a position is reflected in its credential. @throws ProofmarkError NOT_CAUGHT_UP when issuing is parked. */
const allIssued = async (upTo = Infinity): Promise<void> => {
  startIssuing();
  for (;;) {
    stop.signal.throwIfAborted();
    const { state, reason } = issuing;
    if (state === 'parked') throw new ProofmarkError('NOT_CAUGHT_UP', `Issuing credentials has stopped: ${reason ?? ''}`);
    const [next] = await own.readAll({ after: Math.max(0, await issuedUpTo()), limit: 1, categories: ISSUING_CATEGORIES });
    if (!next || next.position > upTo) return;
    await sleep(WAIT_MS, undefined, { signal: stop.signal });
  }
};

const settle = async (): Promise<void> => {
  for (;;) {
    const head = await store.head();
    await reached(head);
    await allIssued();
    if (((await deciding?.now()?.recordClosings(0)) ?? 0) === 0 && (await store.head()) === head) return;
  }
};

const catchUp = async (): Promise<void> => {
  const head = await store.head();
  await reached(head);
  const decided = await store.head();
  await allIssued(decided);
  await reached(await store.head());
};

const answer = async (call: number, work: () => Promise<void>): Promise<void> => {
  try {
    await work();
    say({ op: 'done', call });
  } catch (error) {
    const code = error instanceof ProofmarkError ? error.code : 'NOT_CAUGHT_UP';
    say({ op: 'failed', call, code, message: messageOf(error) });
  }
};

const shutDown = async (): Promise<void> => {
  stop.abort();
  await Promise.all([projecting?.stop(), deciding?.stop(), signing?.stop(), telling?.stop(), watching]);
  await audit?.stop(); // last, so that it has what the others have appended
  await readModels.close();
  await store.close();
  port.close();
};

const rebuild = (projection: string): Promise<void> => projecting?.now()?.rebuild(projection) ?? readModels.rebuild(projection);

port.on('message', (message: ToFollowers) => {
  switch (message.op) {
    case 'settle':
      void answer(message.call, settle);
      break;
    case 'catch-up':
      void answer(message.call, catchUp);
      break;
    case 'issue':
      startIssuing();
      break;
    case 'issuer':
      void answer(message.call, () => actFor(message.request));
      break;
    case 'rebuild':
      void answer(message.call, () => rebuild(message.projection));
      break;
    case 'stop':
      void shutDown();
      break;
  }
});
say({ op: 'ready' });
