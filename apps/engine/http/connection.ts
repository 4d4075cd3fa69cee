import type { FastifyReply } from 'fastify';

/** Aborts when the client goes away before it was answered. */
export const whileConnected = ({ raw }: FastifyReply): AbortSignal => {
  const gone = new AbortController();
  raw.once('close', () => {
    if (!raw.writableFinished) gone.abort();
  });
  return gone.signal;
};
