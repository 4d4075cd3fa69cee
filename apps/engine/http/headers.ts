import type { FastifyReply, FastifyRequest } from 'fastify';
import { PAGE_STYLE_HASH } from './page.html.js';

const HEADERS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
};

/** No page uses what a browser asks its user about, but for the one on which a badge is scanned. */
const NO_DEVICES = 'camera=(), microphone=(), geolocation=()';
const CAMERA = 'camera=(self), microphone=(), geolocation=()';

const DATA_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
const VERIFY_POLICY = `default-src 'none'; style-src ${PAGE_STYLE_HASH} 'self'; font-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'`;
/** The same page where a badge is entered: a script of ours may look through the camera there. Without it the page is whole, too. */
const SCAN_POLICY = `${VERIFY_POLICY}; script-src 'self'`;
// Swagger UI styles its page inline; its scripts come from this server like everything else.
const DOCS_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

// React sets styles by script, which this lets through; a style in the markup it does not.
const APP_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; base-uri 'self'; frame-ancestors 'none'; form-action 'self'";

const policyOf = (path: string): string => {
  if (path === '/app' || path.startsWith('/app/')) return APP_POLICY;
  if (path === '/verify' || path.startsWith('/v/') || path.startsWith('/c/') || path === '/sign-in' || path === '/welcome' || path.startsWith('/sign-in/')) return VERIFY_POLICY;
  return path === '/docs' || path.startsWith('/docs/') ? DOCS_POLICY : DATA_POLICY;
};

/** Puts the security headers on an answer: nothing is sniffed, framed, or loaded from elsewhere. */
export const secure = (request: FastifyRequest, reply: FastifyReply): void => {
  const [path = '/'] = request.url.split('?');
  const scans = path === '/verify' && request.method === 'GET';
  reply.headers({ ...HEADERS, 'permissions-policy': scans ? CAMERA : NO_DEVICES, 'content-security-policy': scans ? SCAN_POLICY : policyOf(path) });
  if (path.startsWith('/v1/')) reply.header('cache-control', 'no-store');
};

/** True for a request by which a page of another site would change something: browsers tell (Fetch Metadata). */
export const isCrossSite = ({ method, headers }: FastifyRequest): boolean =>
  method !== 'GET' && method !== 'HEAD' && (headers['sec-fetch-site'] === 'cross-site' || headers['sec-fetch-site'] === 'same-site');
