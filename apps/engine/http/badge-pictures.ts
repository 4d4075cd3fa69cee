import { Injectable } from '@nestjs/common';
import { renderPng } from '#credentials/raster.js';
import { Recent } from '#event-store/recent.js';
import type { Rule } from '#rules/rule.js';
import { badgePicture } from '../batches/badge-picture.js';
import { LiveRules } from './live-rules.js';
import { refuse } from './problem.js';

/** Pixels that a picture can be wide: what pages and link previews ask for. */
const SIZES = [64, 128, 256, 512, 1024] as const;
/** Smaller ones do without the name, which nobody could read. */
const NAMED_FROM = 128;
const KEPT = 500;

/** The pictures of badges. They follow from the badge's design, so they are made when they are asked for and kept a while. */
@Injectable()
export class BadgePictures {
  readonly #svgs = new Recent<string, string>(KEPT);
  readonly #pngs = new Recent<string, Uint8Array>(KEPT);

  constructor(private readonly rules: LiveRules) {}

  /** The newest rule of a badge. @throws a problem: not found */
  async ruleOf(badge: string): Promise<Rule> {
    const row = (await this.rules.newest()).find((one) => one.badge === badge);
    if (!row) throw refuse('not-found', `There is no badge "${badge}".`);
    return row.document;
  }

  /** As SVG. @throws a problem: not found */
  async svg(badge: string, language: string, withName = true): Promise<string> {
    const rule = await this.ruleOf(badge);
    const key = JSON.stringify([rule.badge, rule.name, rule.design, language, withName]);
    const kept = this.#svgs.get(key);
    if (kept !== undefined) return kept;
    const svg = badgePicture(rule, language, withName);
    this.#svgs.set(key, svg);
    return svg;
  }

  /** As PNG, at least so many pixels wide where there is such a size. @throws a problem: not found */
  async png(badge: string, language: string, wanted: number): Promise<Uint8Array> {
    const size = SIZES.find((one) => one >= wanted) ?? 1024;
    const svg = await this.svg(badge, language, size >= NAMED_FROM);
    const key = `${size} ${svg.length} ${badge} ${language}`;
    const kept = this.#pngs.get(key);
    if (kept) return kept;
    const png = renderPng(svg, { width: size });
    this.#pngs.set(key, png);
    return png;
  }
}
