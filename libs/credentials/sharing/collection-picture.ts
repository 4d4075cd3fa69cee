const [WIDTH, HEIGHT] = [1200, 630];
const MOST = 4;
const GAP = 32;
const MARGIN = 72;

/** Width and height of the picture, as previews want it. */
export const COLLECTION_PICTURE = { width: WIDTH, height: HEIGHT, most: MOST } as const;

/** The picture that previews show of a collection: its first badges side by side on paper, as SVG. It has no words, so it is the same in every language. @param badges PNG pictures */
export const collectionPicture = (badges: readonly Uint8Array[]): string => {
  const shown = badges.slice(0, MOST);
  const size = Math.min(HEIGHT - 2 * MARGIN, (WIDTH - 2 * MARGIN - (shown.length - 1) * GAP) / Math.max(1, shown.length));
  const left = (WIDTH - shown.length * size - (shown.length - 1) * GAP) / 2;
  const pictures = shown.map((png, i) => {
    const at = `x="${left + i * (size + GAP)}" y="${(HEIGHT - size) / 2}" width="${size}" height="${size}"`;
    return `<image ${at} href="data:image/png;base64,${Buffer.from(png).toString('base64')}"/>`;
  });
  const frame = `<rect x="24" y="24" width="${WIDTH - 48}" height="${HEIGHT - 48}" rx="18" fill="#ffffff" stroke="#e5e2da" stroke-width="2"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}"><rect width="${WIDTH}" height="${HEIGHT}" fill="#fbfaf7"/>${frame}${pictures.join('')}</svg>`;
};
