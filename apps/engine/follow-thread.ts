import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { Awarding } from '#awarding/awarding.js';
import { Issuing, ISSUING_CATEGORIES } from '#credentials/issuing/issuing.js';
import { SECRET_NAMES } from '#credentials/keys/key-provider.js';
import { openLocalKeys } from '#credentials/keys/local-keys.js';
import { messageOf, ProofmarkError } from '#domain/errors.js';
import { attachEmbedded } from '#event-store/embedded.js';
import { shareSubscription } from '#event-store/shared-subscription.js';
import { projectionProgress } from '#projections/progress.js';
import type { Collection, GenerationWriter, Write } from '#projections/read-model.js';
import { runProjections } from '#projections/runner.js';
import { FOLLOWED_LOG, openReadModelsOf } from './followed-log.js';
import { KEYS_DIR } from './key-files.js';
import type { FollowData, FromFollowers, IssuerRequest, ToFollowers } from './follow-protocol.js';
import { ALL_PROJECTIONS } from '#projections/all.js';

/*
 * The thread that follows the log: awarding and the projections, each from its own checkpoint. It has the second core;
 * intake has the first. Everything that it writes is guarded (award streams by expected revision, read models by their
 * checkpoint), so it may be killed at any instruction.
 */

/** Awarding keeps its checkpoint beside those of the projections; it has no read model of its own. */
const AWARDING = { name: 'awarding', version: 1, collections: [FOLLOWED_LOG] } as const;
/** So does issuing, and what could not be signed. */
const UNSIGNED: Collection = { name: 'unsigned_award', columns: { award: 'text', reason: 'text' }, key: ['award'] };
const ISSUING = { name: 'issuing', version: 2, collections: [UNSIGNED] };
/** A course that has not been heard of for so long is taken to be up to date. */
const SETTLE_MS = 3000;
const CLOSING_CHECK_MS = 1000;
/** So often awarding looks whether it still makes sense to wait for the roster: a stop must not wait with it. */
const ROSTER_CHECK_MS = 500;

const port = parentPort;
if (!port) throw new Error('follow-thread runs as a worker thread');
const say = (message: FromFollowers): void => port.postMessage(message);

const { log, dataDir, base, passphrase } = workerData as FollowData;
/** Awarding and the projections share one reading of the log. */
const FOLLOWERS = 2;
const BATCH = 6000;
const own = await attachEmbedded(log);
const store = shareSubscription(own, FOLLOWERS);
const { readModels, mark } = await openReadModelsOf(store, dataDir, [...ALL_PROJECTIONS, AWARDING, ISSUING]);

const stop = new AbortController();
const progress = projectionProgress();
const projections = runProjections({
  store,
  readModels,
  projections: ALL_PROJECTIONS,
  signal: stop.signal,
  batchSize: BATCH,
  onProgress: (states) => {
    progress.report(states);
    say({ op: 'projections', states });
  },
});

const placeOf = async (name: string): Promise<GenerationWriter> => {
  const place = (await readModels.generations()).find(({ projection }) => projection === name);
  if (!place) throw new Error(`the read models have no place for the checkpoint of ${name}`);
  if (place.state === 'live') return place;
  await readModels.promote(name); // of an earlier shape: nothing shows it, so that nobody has to wait until it has caught up
  return placeOf(name);
};
const generation = await placeOf(AWARDING.name);
const awarding = new Awarding({
  store,
  checkpoint: {
    load: () => generation.checkpoint(),
    save: async (checkpoint) => readModels.apply([{ generation, writes: await mark(), checkpoint }]),
  },
  roster: async (tenant, course, position) => {
    while (!(await progress.waitFor('roster', position, ROSTER_CHECK_MS))) {
      stop.signal.throwIfAborted();
      const parked = progress.list().find(({ projection, status }) => projection === 'roster' && status === 'parked');
      if (parked) throw new ProofmarkError('NOT_CAUGHT_UP', `The course roster is parked: ${parked.message ?? ''}`);
    }
    const rows = await readModels.find('roster', { where: course === '' ? { tenant } : { tenant, course } });
    return [...new Set(rows.map(({ learner }) => learner as string))];
  },
  now: Date.now,
  batchSize: BATCH,
  signal: stop.signal,
  onProgress: (status) => say({ op: 'awarding', status }),
});
const issued = await placeOf(ISSUING.name);
const keys = await openLocalKeys({ dir: join(dataDir, KEYS_DIR), ...(passphrase !== undefined && { passphrase }) });
for (const secret of SECRET_NAMES) await keys.mac(secret, ''); // made now: the other threads only read the ring
const issuing = new Issuing({
  store: own,
  keys,
  base,
  now: Date.now,
  random: (length) => randomBytes(length),
  checkpoint: {
    load: () => issued.checkpoint(),
    loadUnsigned: async () => (await readModels.find(UNSIGNED.name, {})).map(({ award, reason }) => ({ award: award as string, reason: reason as string })),
    save: async (checkpoint, unsigned) => {
      const writes = [...unsigned].map(([award, reason]): Write =>
        reason === undefined ? { op: 'remove', collection: UNSIGNED.name, key: { award } } : { op: 'put', collection: UNSIGNED.name, row: { award, reason } });
      await readModels.apply([{ generation: issued, writes, checkpoint }]);
    },
  },
  signal: stop.signal,
  onProgress: (status) => say({ op: 'issuing', status }),
});
/** It starts once profiles are published, so that no credential calls its issuer by an id. */
let signing: Promise<void> | undefined;
const startIssuing = (): void => void (signing ??= issuing.run());

// Where it cannot even start, the projections follow the log without it.
const deciding = awarding.run().then(() => store.dismiss());

const recordClosings = async (): Promise<void> => {
  while (!stop.signal.aborted) {
    await awarding.recordClosings(SETTLE_MS);
    await sleep(CLOSING_CHECK_MS, undefined, { signal: stop.signal, ref: false });
  }
};
/** A store that has failed says so to everybody who writes; the closings follow when the engine starts again. */
const closings = recordClosings().catch((error: unknown) => {
  if (!stop.signal.aborted) say({ op: 'awarding', status: { ...awarding.status, state: 'parked', reason: messageOf(error) } });
});

/** Waits until everything up to a position is decided and shown. @throws ProofmarkError NOT_CAUGHT_UP when something is parked. */
const reached = async (position: number): Promise<void> => {
  for (;;) {
    stop.signal.throwIfAborted();
    const { state, reason, position: decided } = awarding.status;
    if (state === 'parked') throw new ProofmarkError('NOT_CAUGHT_UP', `Awarding has stopped: ${reason ?? ''}`);
    const parked = progress.list().find(({ status }) => status === 'parked');
    if (parked) throw new ProofmarkError('NOT_CAUGHT_UP', `The projection "${parked.projection}" is parked: ${parked.message ?? ''}`);
    const shown = progress.list().every(({ checkpoint }) => position === 0 || checkpoint >= position);
    if (decided >= position && shown && progress.list().length >= ALL_PROJECTIONS.length) return;
    await sleep(10, undefined, { signal: stop.signal });
  }
};

/** Waits until every award that is in the log up to a position is reflected in its credential. @throws ProofmarkError NOT_CAUGHT_UP when issuing is parked. */
const allIssued = async (upTo = Infinity): Promise<void> => {
  startIssuing();
  for (;;) {
    stop.signal.throwIfAborted();
    const { state, reason, position } = issuing.status;
    if (state === 'parked') throw new ProofmarkError('NOT_CAUGHT_UP', `Issuing credentials has stopped: ${reason ?? ''}`);
    const [next] = await own.readAll({ after: position, limit: 1, categories: ISSUING_CATEGORIES });
    if (!next || next.position > upTo) return;
    await sleep(10, undefined, { signal: stop.signal });
  }
};

const settle = async (): Promise<void> => {
  for (;;) {
    const head = await store.head();
    await reached(head);
    await allIssued();
    if ((await awarding.recordClosings(0)) === 0 && (await store.head()) === head) return;
  }
};

const catchUp = async (): Promise<void> => {
  const head = await store.head();
  await reached(head);
  const decided = await store.head();
  await allIssued(decided);
  await reached(await store.head());
};

const actFor = async (request: IssuerRequest): Promise<void> => {
  const { tenant, issuer, by } = request;
  const act = { tenant, issuer, ...(by !== undefined && { by }) };
  switch (request.act) {
    case 'ready':
      await issuing.issuers.ready(act);
      break;
    case 'publish':
      await issuing.issuers.publish(act, request.profile);
      break;
    case 'rotate':
      await issuing.issuers.rotate(act, request.algorithm);
      break;
    case 'compromised':
      await issuing.issuers.compromised(act, request.kid, request.reason);
      break;
    case 'reissue':
      await issuing.issuers.reissue(act, request.reason);
      break;
  }
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
  await Promise.allSettled([projections.done, deciding, closings, signing]);
  await readModels.close();
  await store.close();
  port.close();
};

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
      void answer(message.call, () => projections.rebuild(message.projection));
      break;
    case 'stop':
      void shutDown();
      break;
  }
});
// A projection run that ends by itself has failed for good: let the thread die, the engine sees it.
projections.done.catch((error: unknown) => {
  if (!stop.signal.aborted) queueMicrotask(() => { throw error; });
});
say({ op: 'ready' });
