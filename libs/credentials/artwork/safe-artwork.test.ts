import { PNG } from 'pngjs';
import { standsAlone } from '../certificate/artwork.js';
import { renderPng } from '../raster.js';
import { artworkAsSvg, safeArtwork } from './safe-artwork.js';

const svg = (inner: string, root = 'width="64" height="64"'): Buffer =>
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ${root}><rect width="64" height="64" fill="#00ff00"/>${inner}</svg>`);
const png = (width: number, height: number): Buffer =>
  Buffer.from(renderPng(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="${width}" height="${height}" fill="#00ff00"/></svg>`, { width }));
/** One pixel. */
const JPEG = Buffer.concat([Buffer.from(
  '/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////////////wgALCAABAAEBAREA/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABPxA=', 'base64'), Buffer.from('ffd9', 'hex')]);
const drawn = (bytes: Uint8Array) => {
  const result = safeArtwork(bytes);
  if ('refused' in result) throw new Error(result.refused);
  return PNG.sync.read(Buffer.from(result.png));
};
const colourAt = ({ data, width }: PNG, x: number, y: number): readonly number[] => [...data.subarray((y * width + x) * 4, (y * width + x) * 4 + 4)];
const GREEN = [0, 255, 0, 255];
const NOTHING = [0, 0, 0, 0];
const withSize = (width: number, height: number): Buffer => {
  const bytes = Buffer.from(png(8, 8));
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return bytes;
};

describe('artwork', () => {
  it.each([['SVG', svg('')], ['SVG after a declaration', Buffer.concat([Buffer.from('\uFEFF<?xml version="1.0"?>\n'), svg('')])], ['PNG', png(64, 64)], ['a small PNG', png(3, 3)]])('is drawn anew as a square of 1,024 pixels: %s', (_what, bytes) => {
    const picture = drawn(bytes);
    expect([picture.width, picture.height, colourAt(picture, 512, 512)]).toEqual([1024, 1024, GREEN]);
  });

  it('may be JPEG', () => expect(colourAt(drawn(JPEG), 512, 512)[3]).toBe(255));

  it('is whole and in the middle where it is no square', () => {
    const wide = drawn(png(64, 32));
    expect([colourAt(wide, 512, 512), colourAt(wide, 512, 100), colourAt(wide, 512, 900)]).toEqual([GREEN, NOTHING, NOTHING]);
    const high = drawn(svg('', 'width="32" height="64" viewBox="0 0 32 64"'));
    expect([colourAt(high, 512, 512), colourAt(high, 100, 512), colourAt(high, 900, 512)]).toEqual([GREEN, NOTHING, NOTHING]);
  });

  it('takes nothing of the file along: neither its texts nor what is behind it', () => {
    const tail = Buffer.from('<script>alert(1)</script>');
    const result = safeArtwork(Buffer.concat([png(64, 64), tail]));
    if ('refused' in result) throw new Error(result.refused);
    expect(Buffer.from(result.png).includes(tail)).toBe(false);
    expect(drawn(svg('<!-- secret --><metadata>secret</metadata>')).width).toBe(1024);
  });

  it.each([['huge', 'width="1000000000" height="1000000000" viewBox="0 0 64 64"'], ['huge and thin', 'width="1" height="1000000000" viewBox="0 0 64 64"'], ['in percent', 'width="100%" height="100%" viewBox="0 0 64 64"']])('is drawn as large as all others where an SVG wants to be %s, or refused', (_what, root) => {
    const result = safeArtwork(svg('', root));
    if ('png' in result) expect(PNG.sync.read(Buffer.from(result.png))).toMatchObject({ width: 1024, height: 1024 });
  });

  it.each([
    ['a script', svg('<script>alert(1)</script>'), 'script'],
    ['a script in a namespace', svg('<s:script xmlns:s="http://www.w3.org/2000/svg">alert(1)</s:script>'), 'script'],
    ['onload', svg('', 'onload="alert(1)" width="64" height="64"'), 'script'],
    ['a link that runs', svg('<a xlink:href="javascript:alert(1)"><rect/></a>'), 'script'],
    ['foreignObject', svg('<foreignObject width="9" height="9"><p xmlns="http://www.w3.org/1999/xhtml">x</p></foreignObject>'), 'foreignObject'],
    ['a reference to another server', svg('<use href="https://evil.example/x.svg#a"/>'), 'outside'],
    ['a reference to a file', svg('<use xlink:href="/etc/passwd"/>'), 'outside'],
    ['a paint elsewhere', svg('<rect width="9" height="9" fill="url(https://evil.example/a#b)"/>'), 'outside'],
    ['another picture', svg('<image href="data:image/png;base64,AAAA"/>'), 'another picture'],
    ['a style sheet', svg('<style>@import "https://evil.example/x.css";</style>'), 'style sheet'],
    ['entities', Buffer.concat([Buffer.from('<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'), svg('&b;')]), 'entities'],
    ['text', svg('<text x="1" y="9">SQL</text>'), 'outlines'],
    ['many uses of itself', svg('<g id="a"/>' + '<use href="#a"/>'.repeat(201)), '200 times'],
    ['endless elements', svg('<g/>'.repeat(50_000)), 'elements'],
    ['nothing on it', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'), 'nothing'],
    ['an SVG that ends too early', svg('').subarray(0, 120), 'decoded'],
    ['a PNG that ends too early', png(64, 64).subarray(0, 60), 'too early'],
    ['a header alone', png(64, 64).subarray(0, 20), 'too early'],
    ['a PNG of another content', Buffer.concat([png(8, 8).subarray(0, 33), Buffer.alloc(40, 1), png(8, 8).subarray(-12)]), 'decoded'],
    ['a huge PNG', withSize(100_000, 100_000), 'million'],
    ['a long PNG', withSize(10_000, 2), 'no badge'],
    ['a PNG without a size', withSize(0, 64), 'no size'],
    ['a JPEG that ends too early', JPEG.subarray(0, 60), 'too early'],
    ['a page', Buffer.from('<html><body>x</body></html>'), 'neither'],
    ['nothing', Buffer.alloc(0), 'neither'],
    ['a GIF', Buffer.from('GIF89a'), 'neither'],
    ['other text', Buffer.from([0x3c, 0x73, 0x76, 0x67, 0x20, 0xff, 0xfe, 0x3e]), 'UTF-8'],
    ['3 MB', Buffer.concat([png(8, 8), Buffer.alloc(3_000_000)]), 'longer'],
  ])('with %s is refused with the reason', (_what, bytes, reason) => {
    expect(safeArtwork(bytes)).toEqual({ refused: expect.stringContaining(reason) as string });
  });

  it('shows itself and its title as SVG, and refers to nothing', () => {
    const result = safeArtwork(png(64, 64));
    if ('refused' in result) throw new Error(result.refused);
    const shown = artworkAsSvg(result.png, '</title><script>alert(1)</script> & "x"');
    expect(shown).toContain('<title>&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt; &amp; "x"</title>');
    expect(standsAlone(shown)).toBe(true);
    expect(colourAt(PNG.sync.read(Buffer.from(renderPng(shown, { width: 1024 }))), 512, 512)).toEqual(GREEN);
  });
});
