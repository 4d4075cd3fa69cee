import { Worker } from 'node:worker_threads';
import type { AuditStatus } from '#audit/auditing.js';
import type { AwardingStatus } from '#awarding/awarding.js';
import type { IssuingStatus } from '#credentials/issuing/issuing.js';
import { messageOf, ProofmarkError } from '#domain/errors.js';
import { projectionProgress } from '#projections/progress.js';
import { portsOf, type Log } from './adapters.js';
import type { Followers } from './engine.js';
import type { FollowData, FromFollowers, ToFollowers } from './follow-protocol.js';
import { ALL_PROJECTIONS } from '#projections/all.js';

interface Call {
  readonly resolve: () => void;
  readonly reject: (error: ProofmarkError) => void;
}

/** The followers and how to stop them. */
export interface FollowerThread extends Followers {
  stop(): Promise<void>;
}

/** Starts the thread that follows the log and resolves when it follows. */
export const startFollowers = (data: FollowData, log: Log): Promise<FollowerThread> =>
  new Promise((started, failed) => {
    const worker = new Worker(new URL('./follow-thread.js', import.meta.url), {
      workerData: data,
      transferList: [...portsOf(data.log)],
      resourceLimits: { maxYoungGenerationSizeMb: 64 },
    });
    const progress = projectionProgress();
    const calls = new Map<number, Call>();
    let last = 0;
    let awarding: AwardingStatus = { state: 'running', position: 0 };
    let issuing: IssuingStatus = { state: 'running', position: 0, unsigned: [], unsignedCount: 0 };
    let audit: AuditStatus | undefined;
    let stopping = false;
    let ended: ProofmarkError | undefined;

    const end = (reason: string): void => {
      if (ended) return; // the first reason is the cause
      const error = new ProofmarkError('NOT_CAUGHT_UP', reason);
      ended = error;
      awarding = { ...awarding, state: 'parked', reason };
      issuing = { ...issuing, state: 'parked', reason };
      if (audit) audit = { ...audit, state: 'parked', reason };
      progress.report(progress.list().map((state) => ({ ...state, status: 'parked' as const, message: reason })));
      for (const { reject } of calls.values()) reject(error);
      calls.clear();
      failed(error);
    };
    const exited = new Promise<void>((resolve) => {
      worker.once('exit', () => {
        end(stopping ? 'The engine is stopping.' : 'The thread that decides and projects has ended. Restart the engine; nothing recorded is lost.');
        resolve();
      });
    });
    worker.on('error', (error) => end(`Deciding and projecting has failed: ${messageOf(error)} Restart the engine; nothing recorded is lost.`));

    const send = (message: ToFollowers): void => worker.postMessage(message);
    const ask = (make: (call: number) => ToFollowers): Promise<void> =>
      new Promise((resolve, reject) => {
        if (ended) return reject(ended);
        const call = ++last;
        calls.set(call, { resolve, reject });
        send(make(call));
      });
    const settleCall = (call: number, settle: (waiting: Call) => void): void => {
      const waiting = calls.get(call);
      calls.delete(call);
      if (waiting) settle(waiting);
    };

    const done = exited.then(() => {
      if (ended && !stopping) throw ended;
    });
    done.catch(() => undefined); // the status says so to everybody; whoever is to end with it awaits it
    const followers: FollowerThread = {
      done,
      status: () => ({ awarding, issuing, ...(audit && { audit }), projections: progress.list() }),
      waitFor: async (projections, position, timeoutMs) => {
        const reached = await Promise.all(projections.map((name) => progress.waitFor(name, position, timeoutMs)));
        return reached.every(Boolean);
      },
      issuer: (request) => ask((call) => ({ op: 'issuer', call, request })),
      catchUp: () => ask((call) => ({ op: 'catch-up', call })),
      issue: () => send({ op: 'issue' }),
      settle: () => ask((call) => ({ op: 'settle', call })),
      rebuild: async (projection) => {
        if (!ALL_PROJECTIONS.some(({ name }) => name === projection)) {
          const names = ALL_PROJECTIONS.map(({ name }) => name).join(', ');
          throw new ProofmarkError('NOT_FOUND', `There is no projection "${projection}"; these are: ${names}.`);
        }
        await ask((call) => ({ op: 'rebuild', call, projection }));
      },
      stop: async () => {
        stopping = true;
        send({ op: 'stop' });
        await exited;
      },
    };

    worker.on('message', (message: FromFollowers) => {
      switch (message.op) {
        case 'ready':
          started(followers);
          break;
        case 'awarding':
          awarding = message.status;
          break;
        case 'issuing':
          issuing = message.status;
          break;
        case 'audit':
          audit = message.status;
          break;
        case 'projections':
          progress.report(message.states);
          break;
        case 'log':
          log(message.level, message.message);
          break;
        case 'done':
          settleCall(message.call, ({ resolve }) => resolve());
          break;
        case 'failed':
          settleCall(message.call, ({ reject }) => reject(new ProofmarkError(message.code, message.message)));
          break;
      }
    });
  });
