import { groundOf, pngUpon, type Ground, type Pixels } from '../opaque-png.js';
import { renderPixels } from '../raster.js';
import { pictureAsPng, pictureForPdf } from './artwork.js';
import type { Certificate, Template } from './certificate.js';
import { contentOf, type Content } from './content.js';
import { keeping } from './keeping.js';
import { layersOf } from './layers.js';
import type { Scene } from './scene.js';
import { sceneToPdf } from './scene-to-pdf.js';
import { sceneToSvg } from './scene-to-svg.js';
import { classic } from './templates/classic.js';
import { corporate } from './templates/corporate.js';
import { modern } from './templates/modern.js';

const LAYOUTS: Readonly<Record<Template, (content: Content) => Scene>> = { corporate, modern, classic };

/** Pixels for each point: 150 dpi. */
const PIXELS = 150 / 72;

/** Each takes about 7 MB; three designs in two languages. */
const grounds = keeping<Ground>(6);

/** The certificate as a file, the same bytes each time: PDF of one A4 page, or PNG of it in 150 dpi. */
export const renderCertificate = async (certificate: Certificate, format: 'pdf' | 'png'): Promise<Uint8Array> => {
  const content = contentOf(certificate);
  const scene = LAYOUTS[certificate.template](content);
  if (format === 'png') {
    const width = Math.round(scene.width * PIXELS);
    const pixelsOf = (layer: Scene): Pixels => renderPixels(sceneToSvg(layer, width, pictureAsPng), { width });
    const { ground, ink } = layersOf(scene);
    return pngUpon(grounds(JSON.stringify(ground), () => groundOf(pixelsOf(ground))), pixelsOf(ink));
  }
  return sceneToPdf(scene, {
    title: content.wording.documentTitle(content.badge, content.recipient),
    author: content.issuer,
    subject: content.competence ?? content.wording.title,
    keywords: content.code,
    language: content.language,
    created: new Date(certificate.awarded),
  }, pictureForPdf);
};
