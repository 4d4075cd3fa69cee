import { isLoopback } from '#credentials/verify/public-address.js';
import type { EngineConfig } from '../config.js';

const LOCAL = ['localhost', '127.0.0.1', '[::1]'];

const isLocal = (host: string): boolean => host === 'localhost' || isLoopback(host.replace(/^\[|\]$/g, ''));

/**
 * Tells whether a request is meant for this server, by its Host header. One that listens to this machine alone has nobody else to
 * keep strangers out: a page whose name suddenly leads to 127.0.0.1 (DNS rebinding) would read everything, as the page of its own site. So such
 * a server answers under this machine's names and its public one. One that others reach lies behind names that only its operator knows.
 */
export const ownHost = ({ host, publicUrl }: Pick<EngineConfig, 'host' | 'publicUrl'>): ((header: string | undefined) => boolean) => {
  if (!isLocal(host)) return () => true;
  const names = new Set([...LOCAL, ...(publicUrl === undefined ? [] : [new URL(publicUrl).hostname])]);
  // Browsers always send one.
  return (header) => header === undefined || names.has(header.toLowerCase().replace(/:\d*$/, ''));
};
