import { randomUUID } from 'node:crypto';
import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { messageOf, ProofmarkError } from '#domain/errors.js';
import { TooManyRequests } from './access/request-limits.js';
import { UnknownCode, type MissedCodes } from './missed-codes.js';
import { kindOfError, kindOfStatus, problem, ProblemException, retryAfterOf, type Problem } from './problem.js';
import { withoutDirectory } from './without-directory.js';

const log = new Logger('http');

/** Keeps what a client must not see in the log, under an id that the client gets. */
const internal = (thrown: unknown): Problem => {
  const incident = randomUUID();
  log.error(`${incident} ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : messageOf(thrown)}`);
  return problem('internal-error', `The server's log has more about it under the id ${incident}.`, { incident });
};

/** The problem that something thrown is to a client. */
export const problemOf = (thrown: unknown): Problem => {
  if (thrown instanceof ProblemException) return thrown.problem;
  if (thrown instanceof ProofmarkError) {
    const kind = kindOfError(thrown);
    return kind === 'internal-error' ? internal(thrown) : problem(kind, thrown.message);
  }
  if (isCutOff(thrown)) return problem('bad-request', 'The connection ended before the body did; nothing was recorded.');
  const status = thrown instanceof HttpException ? thrown.getStatus() : statusOf(thrown);
  if (status === undefined || status >= 500) return internal(thrown);
  return { ...problem(kindOfStatus(status), messageOf(thrown).slice(0, 300)), status };
};

/** What breaks off where the client goes away in the middle of its request, or of the answer. */
const CUT_OFF: readonly unknown[] = ['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE'];

/** The client went away: nobody reads what this is answered with. */
const isCutOff = (thrown: unknown): boolean => typeof thrown === 'object' && thrown !== null && 'code' in thrown && CUT_OFF.includes(thrown.code);

/** Errors of Fastify carry a status and a code of theirs. */
const statusOf = (thrown: unknown): number | undefined => {
  if (!(thrown instanceof Error) || !('statusCode' in thrown) || !('code' in thrown)) return undefined;
  return typeof thrown.statusCode === 'number' && String(thrown.code).startsWith('FST_') ? thrown.statusCode : undefined;
};

/** Answers with a problem. */
export const sendProblem = (reply: FastifyReply, request: FastifyRequest, found: Problem): void => {
  const retryAfter = retryAfterOf(found);
  if (retryAfter !== undefined) reply.header('retry-after', String(retryAfter));
  const [path = ''] = request.url.split('?');
  reply
    .code(found.status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .send(JSON.stringify({ ...found, instance: path.slice(0, 300) }));
};

/** Turns everything that a request can fail with into problem details. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly missed: MissedCodes,
    private readonly dataDir: string,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    if (thrown instanceof TooManyRequests) reply.header('retry-after', String(Math.ceil(thrown.seconds)));
    const found = thrown instanceof UnknownCode ? this.missed.answer(thrown, request.ip) : problemOf(thrown);
    sendProblem(reply, request, { ...found, detail: withoutDirectory(found.detail, this.dataDir) });
  }
}
