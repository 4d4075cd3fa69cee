/** What keeps a file from being sent: it holds nothing, too much, or is no text. */
export type FileProblem = 'empty' | 'large' | 'sheet';

/** As large as the server takes it. */
const MOST_BYTES = 50_000_000;

/** How workbooks begin: an archive (xlsx, ods, numbers), or a compound document (xls). */
const WORKBOOKS: readonly (readonly number[])[] = [[0x50, 0x4b, 0x03, 0x04], [0xd0, 0xcf, 0x11, 0xe0]];
/** So many bytes tell what a file is. */
export const TELLING_BYTES = 4;

/** What is wrong with a file before anybody has read it; undefined where it may be sent. @param start its first bytes */
export const fileProblem = (bytes: number, start: Uint8Array): FileProblem | undefined => {
  if (bytes === 0) return 'empty';
  if (WORKBOOKS.some((mark) => mark.every((byte, i) => start[i] === byte))) return 'sheet';
  return bytes > MOST_BYTES ? 'large' : undefined;
};
