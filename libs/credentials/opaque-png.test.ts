import { PNG } from 'pngjs';
import { opaquePng } from './opaque-png.js';

describe('an opaque PNG', () => {
  it('has the pixels that it was made from', () => {
    const [width, height] = [5, 3];
    const pixels = Uint8Array.from({ length: width * height * 4 }, (_none, i) => (i % 4 === 3 ? 255 : (i * 37) % 256));
    const read = PNG.sync.read(Buffer.from(opaquePng(pixels, width, height)));
    expect([read.width, read.height, [...read.data]]).toEqual([width, height, [...pixels]]);
  });
});
