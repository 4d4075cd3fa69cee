import { Injectable, Logger } from '@nestjs/common';
import { variantPlaces } from '#credentials/badge-art/variant.js';
import { renderPng } from '#credentials/raster.js';
import { Recent } from '#event-store/recent.js';
import type { Rule } from '#rules/rule.js';
import { badgePicture } from '../batches/badge-picture.js';
import type { Engine } from '../engine.js';
import { InjectEngine } from './engine-token.js';
import { LiveRules } from './live-rules.js';
import { refuse } from './problem.js';

/** Pixels that a picture can be wide: what pages and link previews ask for. */
const SIZES = [64, 128, 256, 512, 1024] as const;
/** Smaller ones do without the name, which nobody could read. */
const NAMED_FROM = 128;
/** Pictures that are kept ready, at most twice as many: large ones have less than a megabyte. */
const KEPT = 40;

/** The language that is asked for where the badge has it, else its own: there are no more pictures than languages. */
const languageIn = ({ name }: Rule, asked: string): string => (Object.hasOwn(name, asked) ? asked : (Object.keys(name)[0] ?? 'en'));

/** The pictures of badges: the artwork that the rule names, else one that follows from the badge's design; made when they are asked for and kept a while. */
@Injectable()
export class BadgePictures {
  readonly #svgs = new Recent<string, string>(KEPT);
  readonly #pngs = new Recent<string, Uint8Array>(KEPT);
  readonly #told = new Set<string>();
  readonly #log = new Logger('badge pictures');

  constructor(private readonly rules: LiveRules, @InjectEngine() private readonly engine: Engine) {}

  /** The newest rule of a badge. @throws a problem: not found */
  async ruleOf(badge: string): Promise<Rule> {
    const row = (await this.rules.newest()).find((one) => one.badge === badge);
    if (!row) throw refuse('not-found', `There is no badge "${badge}".`);
    return row.document;
  }

  /** As SVG. @throws a problem: not found */
  async svg(badge: string, language: string, withName = true): Promise<string> {
    return (await this.#drawn(await this.ruleOf(badge), language, withName)).svg;
  }

  /** The picture of a rule, which may be an earlier one of its badge, as SVG, and what it follows from. */
  ofRule(rule: Rule, language: string): Promise<{ readonly key: string; readonly svg: string }> {
    return this.#drawn(rule, language, true);
  }

  /** As PNG, at least so many pixels wide where there is such a size. @throws a problem: not found */
  async png(badge: string, language: string, wanted: number): Promise<Uint8Array> {
    const size = SIZES.find((one) => one >= wanted) ?? 1024;
    const { key: drawn, svg } = await this.#drawn(await this.ruleOf(badge), language, size >= NAMED_FROM);
    const key = `${size} ${drawn}`;
    const kept = this.#pngs.get(key);
    if (kept) return kept;
    const png = renderPng(svg, { width: size });
    this.#pngs.set(key, png);
    return png;
  }

  async #drawn(rule: Rule, asked: string, withName: boolean): Promise<{ readonly key: string; readonly svg: string }> {
    const language = languageIn(rule, asked);
    const { image } = rule.design;
    const artwork = image === undefined ? undefined : await this.engine.artwork.find(image);
    const place = variantPlaces(await this.rules.firsts()).get(rule.badge);
    const key = JSON.stringify([rule.badge, rule.name, rule.design, language, withName, place, artwork?.state]);
    const kept = this.#svgs.get(key);
    if (kept !== undefined) return { key, svg: kept };
    if (artwork && 'refused' in artwork) this.#tell(rule.badge, `its picture ${String(image)} cannot be used: ${artwork.refused}. One is made in its place.`);
    const svg = await badgePicture(rule, language, { place, artwork, withName });
    this.#svgs.set(key, svg);
    return { key, svg };
  }

  /** Says it once: a page asks for pictures again and again. */
  #tell(badge: string, what: string): void {
    const line = `badge ${badge}: ${what}`;
    if (this.#told.has(line)) return;
    this.#told.add(line);
    this.#log.warn(line);
  }
}
