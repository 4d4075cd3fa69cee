const MOST_PARTS = 8;

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
  if (!Buffer.isBuffer(body) || !/^multipart\/form-data\s*;/i.test(contentType ?? '')) return undefined;
  // What reads forms takes ever longer for each further part; ours have one or two.
  const [, quoted, bare] = /;\s*boundary=(?:"([^"]{1,70})"|([^\s";]{1,70}))/i.exec(contentType ?? '') ?? [];
  if (parts(body, `--${quoted ?? bare ?? ''}`) > MOST_PARTS) return undefined;
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
