import { fork } from 'node:child_process';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { atEnd } from '../at-end.js';
import type { Answer, Job, MemoryJob, MemoryResult, RateJob, RateResult } from './job.js';

const PROGRAM = join(import.meta.dirname, 'child.js');
const HEAP_MIB = Math.floor((totalmem() / 2 ** 20) * 0.7);
/** The flags with which "proofmark" is started. */
const FLAGS = ['--max-semi-space-size=32', `--max-old-space-size=${HEAP_MIB}`];

/** A peer that cannot be loaded on this machine. */
export class Unavailable extends Error {}

const answerOf = async (job: Job): Promise<Answer> => {
  const flags = job.kind === 'memory' ? [...FLAGS, '--expose-gc'] : FLAGS;
  const child = fork(PROGRAM, [JSON.stringify(job)], { execArgv: flags });
  const ended = atEnd(() => void child.kill('SIGKILL'));
  try {
    return await new Promise<Answer>((resolve, reject) => {
      child.once('message', (message) => resolve(message as Answer));
      child.once('error', reject);
      child.once('exit', (code, signal) => reject(new Error(`a measurement ended with ${code ?? signal}: ${JSON.stringify(job)}`)));
    });
  } finally {
    ended();
  }
};

const measure = async <K extends Job['kind']>(job: Extract<Job, { kind: K }>): Promise<Extract<Answer, { kind: K }>> => {
  const answer = await answerOf(job);
  if (answer.kind === 'unavailable') throw new Unavailable(answer.reason);
  if (answer.kind !== job.kind) throw new Error(`a measurement of ${job.kind} answered ${answer.kind}`);
  return answer as Extract<Answer, { kind: K }>;
};

/** Measures a rate in a process of its own. @throws Unavailable where the peer cannot be loaded here. */
export const rateInChild = async (job: Omit<RateJob, 'kind'>): Promise<RateResult> => (await measure<'rate'>({ kind: 'rate', ...job })).result;

/** Measures memory in a process of its own. */
export const memoryInChild = async (job: Omit<MemoryJob, 'kind'>): Promise<MemoryResult> => (await measure<'memory'>({ kind: 'memory', ...job })).result;
