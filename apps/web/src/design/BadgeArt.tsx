import { urlOf } from '../api/ask.ts';
import { useLanguage } from '../language.ts';

/** The picture of a badge; its name stands beside it. */
export const BadgeArt = ({ badge, size, faded = false }: { readonly badge: string; readonly size: number; readonly faded?: boolean }) => {
  const { language } = useLanguage();
  // Small ones come as PNG without the name, which could not be read.
  const src = urlOf(`/badges/${encodeURIComponent(badge)}/image.png?lang=${language}&size=${Math.min(1_024, 2 * size)}`);
  return <img src={src} alt="" width={size} height={size} loading="lazy" decoding="async" className={`shrink-0 object-contain ${faded ? 'opacity-45 grayscale' : ''}`} style={{ width: size, height: size }} />;
};
