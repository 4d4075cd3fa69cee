import { PNG } from 'pngjs';
import { renderPng } from '../raster.js';
import { pictureAsPng } from './artwork.js';
import { TEMPLATES, type Certificate } from './certificate.js';
import { contentOf } from './content.js';
import { renderCertificate } from './render-certificate.js';
import { sceneToSvg } from './scene-to-svg.js';
import { classic } from './templates/classic.js';
import { corporate } from './templates/corporate.js';
import { modern } from './templates/modern.js';

const LAYOUTS = { classic, corporate, modern };
const ART = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><circle cx="32" cy="32" r="30" fill="#b8860b"/><path d="M16 32L28 44L48 20" fill="none" stroke="#fff" stroke-width="6"/></svg>';
const certificate = (template: Certificate['template']): Certificate => ({
  template, language: 'ko', recipient: '김민아', badge: '데이터 워크숍', criteria: '워크숍 전 과정에 참여하고 결과를 발표', issuer: '한빛 아카데미', signatory: { name: '한지우', title: '교무부장' },
  awarded: '2026-03-02T00:00:00Z', timeZone: 'Asia/Seoul', code: '7K3M9QTX2HBW5RZC', verificationUrl: 'https://badges.example/v/7K3M9QTX2HBW5RZC', art: ART,
});

describe('a page in two layers', () => {
  it.each(TEMPLATES)('looks like the page drawn at once: %s', async (template) => {
    const png = PNG.sync.read(Buffer.from(await renderCertificate(certificate(template), 'png')));
    const once = PNG.sync.read(Buffer.from(renderPng(sceneToSvg(LAYOUTS[template](contentOf(certificate(template))), png.width, pictureAsPng), { width: png.width })));
    expect([once.width, once.height]).toEqual([png.width, png.height]);
    // Rounding of the edges of letters apart.
    expect(png.data.filter((value, i) => Math.abs(value - (once.data[i] as number)) > 2)).toHaveLength(0);
  });
});
