import type { FastifyRequest } from 'fastify';

/** A page of another origin can make a browser send its cookie along; what changes something has to come from a page of ours. */
export const isForeign = ({ method, headers }: FastifyRequest): boolean => {
  if (method === 'GET' || method === 'HEAD') return false;
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  const { origin, host } = headers;
  return origin === undefined || !URL.canParse(origin) || new URL(origin).host !== host;
};
