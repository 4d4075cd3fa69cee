/** Finds a QR code in a picture: what it says, or undefined. */
export type Decode = (frame: HTMLCanvasElement) => Promise<string | undefined>;

/** As browsers have it that have it; TypeScript does not know it yet. */
interface BarcodeReader {
  detect(source: HTMLCanvasElement): Promise<readonly { readonly rawValue: string }[]>;
}
interface BarcodeReaders {
  new (options: { readonly formats: readonly string[] }): BarcodeReader;
  getSupportedFormats(): Promise<readonly string[]>;
}

/** The browser's own reader; undefined where it has none for QR codes. */
const ownReader = async (): Promise<Decode | undefined> => {
  const readers = (globalThis as { readonly BarcodeDetector?: BarcodeReaders }).BarcodeDetector;
  if (!readers || !(await readers.getSupportedFormats()).includes('qr_code')) return undefined;
  const reader = new readers({ formats: ['qr_code'] });
  return async (frame) => (await reader.detect(frame))[0]?.rawValue;
};

/** A reader of our own, loaded only where it is needed: it is larger than all the rest of the page. */
const bundledReader = async (): Promise<Decode> => {
  const { default: jsQR } = await import('jsqr');
  return (frame) => {
    const { width, height } = frame;
    const pixels = frame.getContext('2d', { willReadFrequently: true })?.getImageData(0, 0, width, height);
    return Promise.resolve(pixels && jsQR(pixels.data, width, height, { inversionAttempts: 'dontInvert' })?.data);
  };
};

/** What reads QR codes in this browser. */
export const openDecoder = async (): Promise<Decode> => (await ownReader()) ?? bundledReader();
