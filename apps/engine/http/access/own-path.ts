/**
 * A path of this server that somebody named as where to go on; the bare address, which leads to the pages, for anything that could lead elsewhere: another scheme or
 * host, also by way of "//", a backslash, or characters that browsers drop.
 */
export const ownPath = (text: unknown): string => (typeof text === 'string' && /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(text) ? text : '/');

/** The path below which a public address is served; "" at the root. */
export const rootOf = (publicUrl: string): string => new URL(publicUrl).pathname.replace(/\/$/, '');
