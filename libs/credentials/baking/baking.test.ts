import fc from 'fast-check';
import { PNG } from 'pngjs';
import { itWith, runOn } from '../../../test/programs.js';
import { renderPng } from '../raster.js';
import { bakedInPng } from '../verify/baked-png.js';
import { bakedInSvg } from '../verify/baked-svg.js';
import { bakePng } from './bake-png.js';
import { bakeSvg } from './bake-svg.js';

const SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16"><circle cx="8" cy="8" r="7" fill="#0b6e69"/></svg>';
const IMAGE = renderPng(SVG, { width: 16 });
const TOKEN = 'eyJhbGciOiJFUzI1NiJ9.eyJhIjoxfQ.c2ln-_';
const documents = fc.dictionary(fc.string({ unit: 'grapheme' }), fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(']]>', '<svg>', '&amp;', '한글 🎖', '"', '\u0000'))).map((value) => JSON.stringify(value));

/** Types and keywords of the chunks, by an own look at the bytes. */
const chunksOf = (png: Uint8Array): readonly string[] => {
  const bytes = Buffer.from(png);
  const found: string[] = [];
  for (let at = 8; at < bytes.length; at += 12 + bytes.readUInt32BE(at)) {
    const type = bytes.toString('latin1', at + 4, at + 8);
    found.push(type === 'iTXt' ? `iTXt ${bytes.toString('latin1', at + 8, bytes.indexOf(0, at + 8))}` : type);
  }
  return found;
};

describe('a badge baked into a PNG image', () => {
  it('is read back whole, whatever its texts', () =>
    fc.assert(fc.property(documents, (json) => expect(bakedInPng(bakePng(IMAGE, json))).toEqual({ text: json }))));

  it('stands behind the header, uncompressed and once, also where it replaces another', () => {
    const twice = bakePng(bakePng(IMAGE, '{"first":1}'), TOKEN);
    expect(chunksOf(twice).slice(0, 2)).toEqual(['IHDR', 'iTXt openbadgecredential']);
    expect(chunksOf(twice).filter((chunk) => chunk.startsWith('iTXt'))).toHaveLength(1);
    expect(bakedInPng(twice)).toEqual({ text: TOKEN });
    expect(Buffer.from(twice).includes(TOKEN)).toBe(true);
  });

  it('leaves the picture as it is for other programs', () => {
    const [before, after] = [PNG.sync.read(Buffer.from(IMAGE)), PNG.sync.read(Buffer.from(bakePng(IMAGE, '{}')))];
    expect(after.data.equals(before.data)).toBe(true);
  });

  itWith('pngcheck', 'is clean to pngcheck', () =>
    expect(runOn('pngcheck', ['-v'], 'badge.png', bakePng(IMAGE, '{"name":"한글"}'))).toMatchObject({ status: 0, output: expect.stringContaining('No errors detected') as string }));

  it.each([['nothing', new Uint8Array()], ['a text', Buffer.from('not an image at all')], ['half an image', IMAGE.subarray(0, 40)]])('is refused for %s', (_what, bytes) =>
    expect(() => bakePng(bytes, '{}')).toThrow('PNG'));
});

describe('a badge baked into an SVG image', () => {
  it('is read back whole, whatever its texts', () =>
    fc.assert(fc.property(documents, (json) => expect(bakedInSvg(bakeSvg(SVG, json))).toEqual({ text: json }))));

  it('stands in an attribute where it is a token', () => {
    const baked = bakeSvg(SVG, TOKEN);
    expect(baked).toContain(`verify="${TOKEN}"`);
    expect(bakedInSvg(baked)).toEqual({ text: TOKEN });
  });

  it('still draws', () => expect(PNG.sync.read(Buffer.from(renderPng(bakeSvg(SVG, '{}'), { width: 16 }))).data).toEqual(PNG.sync.read(Buffer.from(IMAGE)).data));

  it.each([['no picture', '<html></html>'], ['a picture with a badge', bakeSvg(SVG, '{}')]])('is refused for %s', (_what, svg) => expect(() => bakeSvg(svg, '{}')).toThrow('SVG'));
});
