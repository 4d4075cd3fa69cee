import type { FastifyReply } from 'fastify';

/** Media types of what strangers' software reads. */
export const MEDIA = {
  credential: 'application/vc+ld+json',
  newCredential: 'application/vc',
  jwt: 'text/plain; charset=utf-8',
  jsonLd: 'application/ld+json',
  did: 'application/did+json',
  jwk: 'application/jwk+json',
  jwks: 'application/jwk-set+json',
  json: 'application/json; charset=utf-8',
} as const;

/** What the OpenAPI document says of answers whose form a standard lays down. */
export const documented = (...mediaTypes: readonly string[]): Readonly<Record<string, { readonly schema: { readonly type: 'object' } }>> =>
  Object.fromEntries(mediaTypes.map((mediaType) => [mediaType.replace(/;.*/, ''), { schema: { type: 'object' } }]));

/** Lets pages of other sites read an answer: verifiers and wallets run there. It needs no sign-in and sets nothing. `vary` names the headers that an answer follows (RFC 9110, 12.5.5). */
export const openToAll = (reply: FastifyReply, mediaType: string, maxAgeSeconds: number, vary = 'accept'): void => {
  reply.headers({
    'content-type': mediaType,
    'access-control-allow-origin': '*',
    'cross-origin-resource-policy': 'cross-origin',
    'cache-control': maxAgeSeconds === 0 ? 'no-cache' : `public, max-age=${maxAgeSeconds}`,
    vary,
  });
};

/** True where a reader would rather have this media type than any other (RFC 9110, 12.5.1, without specificity). */
export const prefers = (accept: string | undefined, mediaType: string): boolean => {
  const ranges = (accept ?? '').split(',').map((range) => {
    const [type = '', ...parameters] = range.trim().toLowerCase().split(';');
    const quality = parameters.map((parameter) => /^\s*q=(\d(?:\.\d{0,3})?)\s*$/.exec(parameter)?.[1]).find((value) => value !== undefined);
    return { type: type.trim(), quality: Number(quality ?? 1) };
  });
  const own = ranges.find(({ type }) => type === mediaType)?.quality ?? 0;
  return own > 0 && ranges.every(({ quality }) => quality <= own) && ranges.find(({ quality }) => quality === own)?.type === mediaType;
};
