import type { Report } from '#credentials/verify/report.js';
import { messageOf, ProofmarkError } from '#domain/errors.js';

const TIMEOUT_MS = 15_000;

/**
 * What an engine says of one of its own badges, by its code.
 * @throws ProofmarkError NOT_FOUND where it has none, USAGE where no engine answers.
 */
export const reportOfCode = async (code: string, engine: string): Promise<Report> => {
  let answer: Response;
  try {
    answer = await fetch(`${engine}/v1/verify/${code}`, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'error' });
  } catch (error) {
    throw new ProofmarkError('USAGE', `No engine answers at ${engine} (${messageOf(error)}). Start it, or name the one that issued the badge with --engine.`, { cause: error });
  }
  const body = (await answer.json().catch(() => ({}))) as Partial<Report> & { readonly detail?: string };
  if (answer.status === 404) throw new ProofmarkError('NOT_FOUND', `The engine at ${engine} has no badge of this code.`);
  if (!answer.ok) throw new ProofmarkError('USAGE', `The engine at ${engine} answered ${answer.status}: ${body.detail ?? ''}`);
  if (body.verdict === undefined || !body.checks || !body.words) throw new ProofmarkError('USAGE', `What answers at ${engine} is no engine of Proofmark. Name the one that issued the badge with --engine.`);
  return body as Report;
};
