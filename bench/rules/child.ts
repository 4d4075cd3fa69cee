// One measurement of the rules benchmark in a process of its own: node dist/bench/rules/child.js JOB
import { messageOf } from '#domain/errors.js';
import type { Answer, Job } from './job.js';
import { memory } from './memory.js';
import { rate } from './rate.js';

const MISSING: ReadonlySet<unknown> = new Set(['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND', 'ERR_DLOPEN_FAILED']);

/** A package that is not there, or has no build for this platform: zen-engine's own loader then says what it tried. */
const isMissing = (error: unknown): boolean =>
  MISSING.has((Object(error) as { readonly code?: unknown }).code) || /Cannot find native binding|Failed to load native binding/.test(messageOf(error));

const answer = async (job: Job): Promise<Answer> => {
  if (job.kind === 'memory') return { kind: 'memory', result: memory(job) };
  try {
    return { kind: 'rate', result: await rate(job) };
  } catch (error) {
    if (job.contender === 'proofmark' || !isMissing(error)) throw error;
    return { kind: 'unavailable', reason: messageOf(error).split('\n', 1)[0] ?? '' };
  }
};

const found = await answer(JSON.parse(process.argv[2] ?? '') as Job);
// What is still open then is a peer's own: it must not keep the process.
process.send?.(found, () => process.exit());
