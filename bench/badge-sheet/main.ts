import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { badgeArt, type BadgeArtStyle } from '#credentials/badge-art/badge-art.js';
import { pretendardLettering } from '#credentials/badge-art/pretendard-lettering.js';
import { subjectOfRule } from '#credentials/badge-art/subject-of-rule.js';
import { variantPlaces } from '#credentials/badge-art/variant.js';
import { renderPng } from '#credentials/raster.js';
import { parseRule } from '#rules/parse.js';

/*
 * All badges of rules/*.yaml side by side, to be looked at: `npm run badge-sheet -- OUT.png [size] [en|ko] [paper] [name|mark|print]`.
 */

const [out = 'badges.png', size = '256', language = 'en', paper = '#fbfaf7', kind = 'name', only = ''] = process.argv.slice(2);
const pixels = Number(size);
const style: BadgeArtStyle = kind === 'mark' ? { withName: false } : kind === 'print' ? { oneColour: '#000000' } : {};
const lettering = pretendardLettering();
const all = readdirSync('rules')
  .filter((name) => name.endsWith('.yaml') && !name.endsWith('.cases.yaml') && !name.endsWith('.issuer.yaml'))
  .map((name) => {
    const parsed = parseRule(readFileSync(join('rules', name), 'utf8'), name);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics));
    return parsed.rule;
  });
const places = variantPlaces(all);
const rules = all.filter(({ badge }) => badge.includes(only));

const columns = Math.min(rules.length, Math.max(1, Math.floor(1600 / (pixels * 1.15))));
const cell = Math.round(pixels * 1.15);
const images = rules.map((rule, index) => {
  const svg = badgeArt(subjectOfRule(rule, language, places.get(rule.badge)), lettering, style);
  if (only !== '') writeFileSync(`${out}.${rule.badge}.svg`, svg);
  const png = renderPng(svg, { width: pixels });
  const x = (index % columns) * cell + Math.round((cell - pixels) / 2);
  const y = Math.floor(index / columns) * cell + Math.round((cell - pixels) / 2);
  return `<image x="${x}" y="${y}" width="${pixels}" height="${pixels}" href="data:image/png;base64,${Buffer.from(png).toString('base64')}"/>`;
});
const [width, height] = [columns * cell, Math.ceil(rules.length / columns) * cell];
const sheet = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="${paper}"/>${images.join('')}</svg>`;
writeFileSync(out, renderPng(sheet, { width }));
