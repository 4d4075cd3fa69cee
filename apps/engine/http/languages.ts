/** The languages of the product's own pages. */
export type Language = 'en' | 'ko';

/** The language that a reader prefers, from an Accept-Language header (RFC 9110, 12.5.4); English where none fits. */
export const preferredLanguage = (header: string | undefined): Language => {
  const ranges = (header ?? '')
    .split(',')
    .map((range) => {
      const [tag = '', ...parameters] = range.trim().toLowerCase().split(';');
      const quality = parameters.map((parameter) => /^\s*q=(\d(?:\.\d{0,3})?)\s*$/.exec(parameter)?.[1]).find((value) => value !== undefined);
      return { language: tag.split('-')[0], quality: Number(quality ?? 1) };
    })
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality);
  const best = ranges.find(({ language }) => language === 'en' || language === 'ko');
  return best?.language === 'ko' ? 'ko' : 'en';
};
