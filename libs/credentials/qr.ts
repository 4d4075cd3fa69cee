import { encode } from 'uqr';

/** The modules of the QR code that says `text`, row by row, dark ones true, without a quiet zone; level M: a seventh of it may be damaged. */
export const qrMatrix = (text: string): readonly (readonly boolean[])[] => encode(text, { ecc: 'M', border: 0 }).data;
