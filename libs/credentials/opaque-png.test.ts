import { PNG } from 'pngjs';
import { groundOf, pngUpon } from './opaque-png.js';

describe('a PNG upon a ground', () => {
  it('has the ground where nothing is drawn, and what is drawn elsewhere', () => {
    const [width, height] = [5, 2];
    const ground = Uint8Array.from({ length: width * height * 4 }, (_none, i) => (i % 4 === 3 ? 255 : (i * 37) % 256));
    const ink = new Uint8Array(width * height * 4);
    ink.set([10, 20, 30, 255], 4 * 2);
    ink.set([100, 0, 50, 128], 4 * 7);
    const read = PNG.sync.read(Buffer.from(pngUpon(groundOf({ pixels: ground, width, height }), { pixels: ink })));
    const expected = Uint8Array.from(ground);
    expected.set([10, 20, 30, 255], 4 * 2);
    for (const [channel, over] of [100, 0, 50].entries()) expected[4 * 7 + channel] = over + Math.round(((ground[4 * 7 + channel] as number) * 127) / 255);
    expect([read.width, read.height, [...read.data]]).toEqual([width, height, [...expected]]);
  });
});
