const MOST_PARTS = 8;
/** What browsers and programs write. Others could name a boundary here that another parser does not find, or finds another one. */
const FORM = /^multipart\/form-data(?:\s*;\s*charset="?[\w-]+"?)?\s*;\s*boundary=(?:"([\w'()+,./:=? -]{1,70})"|([\w'()+,./:=?-]{1,70}))(?:\s*;\s*charset="?[\w-]+"?)?\s*$/i;

const parts = (body: Buffer, boundary: string): number => {
  let found = 0;
  for (let at = body.indexOf(boundary); at >= 0 && found <= MOST_PARTS; at = body.indexOf(boundary, at + boundary.length)) found += 1;
  return found;
};

/**
 * The file of a field in a form that was sent as multipart/form-data (RFC 7578); undefined where there is none, or where
 * it is no such form. The body is in memory already and bounded.
 */
export const fileInForm = async (body: unknown, contentType: string | undefined, field: string): Promise<Uint8Array | undefined> => {
  const [, quoted, bare] = FORM.exec(contentType ?? '') ?? [];
  const boundary = quoted ?? bare;
  if (!Buffer.isBuffer(body) || boundary === undefined) return undefined;
  // What reads forms takes ever longer for each further part; ours have one or two.
  if (parts(body, `--${boundary}`) > MOST_PARTS) return undefined;
  let form: FormData;
  try {
    form = await new Response(new Uint8Array(body), { headers: { 'content-type': contentType ?? '' } }).formData();
  } catch (error) {
    if ((error as Error).name === 'TypeError') return undefined; // how the parser says that it is malformed
    throw error;
  }
  const file = form.get(field);
  return file === null || typeof file === 'string' ? undefined : new Uint8Array(await file.arrayBuffer());
};
