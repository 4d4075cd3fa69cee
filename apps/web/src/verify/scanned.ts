/** What a QR code said: a badge of ours and where its page is, or something else. */
export type Scanned = { readonly page: string } | { readonly foreign: string };

const CODE = /^[0-9A-Z]{4}[- ]?[0-9A-Z]{4}[- ]?[0-9A-Z]{4}[- ]?[0-9A-Z]{4}$/i;
const PAGE = /^(?:\/t\/[\w-]+)?\/v\/[0-9A-Za-z-]{16,19}$/;
const MOST = 80;

/**
 * Reads what a QR code says. Only the page of a badge on this very server is a place to go to: whatever else a code says is told and not
 * opened. @param root where the school stands on this server, '' or '/t/NAME' @param origins under which this server is known
 */
export const readScanned = (text: string, root: string, origins: readonly string[]): Scanned => {
  const said = text.trim();
  if (CODE.test(said)) return { page: `${root}/v/${said.replace(/[- ]/g, '').toUpperCase()}` };
  if (!URL.canParse(said)) return { foreign: said.slice(0, MOST) };
  const { origin, pathname, host } = new URL(said);
  return origins.includes(origin) && PAGE.test(pathname) ? { page: pathname } : { foreign: (host === '' ? said : host).slice(0, MOST) };
};
