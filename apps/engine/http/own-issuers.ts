import { didDocument } from '#credentials/issuer/did-document.js';
import { readIssuer } from '#credentials/issuing/issuers.js';
import { resolveBy, type ResolveIssuer } from '#credentials/verify/resolve-issuer.js';
import type { Engine } from '../engine.js';

/** The issuer in an address of ours; undefined for any other. */
export const ownIssuer = (base: string, address: string): string | undefined => {
  const at = `${base}/issuers/`;
  const [id = '', ...rest] = address.startsWith(at) ? address.slice(at.length).split('/') : [''];
  return /^[A-Za-z0-9_-]+$/.test(id) && (rest.length === 0 || (rest.length === 1 && rest[0] === 'did.json')) ? id : undefined;
};

/** Resolves the issuers of this engine from its own log: what it published itself, without a detour over the web. */
export const ownIssuers = ({ store, config: { tenant, publicUrl: base } }: Pick<Engine, 'store' | 'config'>): ResolveIssuer => {
  const scheme = base.startsWith('https:') ? 'https' : 'http';
  const { host } = new URL(base);
  return resolveBy(
    async ({ address }) => {
      const issuer = ownIssuer(base, address);
      const found = issuer === undefined ? undefined : await readIssuer(store, tenant, issuer);
      if (issuer === undefined || !found || found.keys.length === 0) return { reason: 'issuer-unknown', detail: `${address} is not one of ours` };
      return didDocument(found, base, issuer);
    },
    { schemeOf: (asked) => (asked === host ? scheme : 'https') },
  );
};
