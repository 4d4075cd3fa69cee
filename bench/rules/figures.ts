import type { Figure } from '../report.js';
import { memoryInChild, rateInChild, Unavailable } from './children.js';
import { LEAVES_OUT, type PeerName } from './contenders.js';
import type { RateJob, RateResult } from './job.js';

/** The parts that can be chosen. */
export const PARTS = ['rate', 'scaling', 'history', 'json-rules-engine', 'zen-engine', 'loop', 'sql', 'memory'] as const;
export type Part = (typeof PARTS)[number];

/** How much is run. */
export interface Sizes {
  readonly events: number;
  /** Peers run about so long, seconds. */
  readonly peerSeconds: number;
  /** Our own engine at most about so long, seconds. */
  readonly ownSeconds: number;
  /** Learners held against the reference. */
  readonly check: number;
  /** Learners of the run in order. */
  readonly sample: number;
  /** Facts of a learner in a course with a long history. */
  readonly long: number;
  /** Learners whose memory is measured. */
  readonly held: number;
}

export const FULL: Sizes = { events: 1_000_000, peerSeconds: 10, ownSeconds: 60, check: 200, sample: 100, long: 5_000, held: 2_000 };
export const QUICK: Sizes = { events: 3_000, peerSeconds: 0.3, ownSeconds: 0.5, check: 3, sample: 4, long: 300, held: 100 };

/** Facts of a learner in a course: a million events of 10,000 learners. */
const USUAL = 33;
const SHORT = 50;
const MEMORY_FACTS = 40;

const PEERS: Readonly<Record<PeerName, { readonly rules: number; readonly least: number; readonly name: string }>> = {
  'json-rules-engine': { rules: 1_000, least: 30, name: 'json-rules-engine 7, R = 1,000' },
  'zen-engine': { rules: 1_000, least: 25, name: '@gorules/zen-engine, R = 1,000' },
  loop: { rules: 10_000, least: 3, name: 'hand-written loop, R = 10,000' },
  sql: { rules: 1_000, least: 10, name: 'SQL re-query, R = 1,000' },
};
const isPeer = (part: Part): part is PeerName => part in PEERS;

/** What was found to be wrong; figures of a wrong answer are worth nothing. */
export class WrongAnswer extends Error {}

const whole = (value: number): string => Math.round(value).toLocaleString('en');

/** Events a second of processor time: of one core, all of the process's threads together. */
const perSecond = ({ events, processorSeconds }: RateResult): number => events / processorSeconds;

const difference = (ours: readonly string[], theirs: readonly string[]): string | undefined => {
  const [a, b] = [new Set(ours), new Set(theirs)];
  const [missing, extra] = [ours.filter((pair) => !b.has(pair)), theirs.filter((pair) => !a.has(pair))];
  if (missing.length + extra.length === 0) return undefined;
  return `${missing.length} met rules are missing (${missing.slice(0, 3).join('; ')}), ${extra.length} are too many (${extra.slice(0, 3).join('; ')})`;
};

/** Measures each thing once a round, whatever the number of figures that need it. */
export class Measurements {
  readonly notes: string[] = [];
  readonly results: (RateResult & { readonly job: Partial<RateJob> })[] = [];
  readonly #known = new Map<string, RateResult>();

  constructor(
    private readonly sizes: Sizes,
    private readonly say: (text: string) => void,
  ) {}

  /** Starts over: a new round. */
  again(): void {
    this.#known.clear();
  }

  /** The figures of a part, each with one value. */
  async figures(part: Part): Promise<readonly Figure[]> {
    if (isPeer(part)) return this.#against(part);
    switch (part) {
      case 'rate':
        return [{ name: 'events, R = 1,000', unit: 'events/s', values: [perSecond(await this.#own(1_000))], goal: { least: 200_000 } }];
      case 'scaling':
        return this.#scaling();
      case 'history':
        return this.#history();
      case 'memory':
        return this.#memory();
    }
  }

  async #scaling(): Promise<readonly Figure[]> {
    const [few, many] = [await this.#own(100), await this.#own(10_000)];
    return [
      { name: 'events, R = 100', unit: 'events/s', values: [perSecond(few)] },
      { name: 'events, R = 10,000', unit: 'events/s', values: [perSecond(many)] },
      { name: '  R = 10,000 / R = 100', unit: 'ratio', values: [perSecond(many) / perSecond(few)], goal: { least: 0.5 } },
    ];
  }

  async #history(): Promise<readonly Figure[]> {
    const { long } = this.sizes;
    const [short, far] = [await this.#own(1_000, SHORT), await this.#own(1_000, long)];
    return [
      { name: `events, ${whole(SHORT)} facts a learner and course`, unit: 'events/s', values: [perSecond(short)] },
      { name: `events, ${whole(long)} facts a learner and course`, unit: 'events/s', values: [perSecond(far)] },
      { name: `  ${whole(long)} facts / ${whole(SHORT)} facts`, unit: 'ratio', values: [perSecond(far) / perSecond(short)], goal: { least: 0.8 } },
    ];
  }

  async #against(peer: PeerName): Promise<readonly Figure[]> {
    const { rules, least, name } = PEERS[peer];
    const ours = await this.#own(rules);
    try {
      const theirs = await this.#rate({ contender: peer, rules, facts: USUAL, seconds: this.sizes.peerSeconds });
      const wrong = difference(ours.met, theirs.met);
      if (wrong !== undefined) throw new WrongAnswer(`${peer} and our engine do not agree: ${wrong}`);
      this.#note(`${peer}: ${LEAVES_OUT[peer]}`);
      return [
        { name, unit: 'events/s', values: [perSecond(theirs)] },
        { name: `  ours against it`, unit: 'times', values: [perSecond(ours) / perSecond(theirs)], goal: { least } },
      ];
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      this.#note(`${peer} was not measured, it cannot be loaded here: ${error.message}`);
      return [];
    }
  }

  async #memory(): Promise<readonly Figure[]> {
    const job = { rules: 1_000, facts: MEMORY_FACTS, learners: this.sizes.held };
    const all = await memoryInChild({ of: 'engine', ...job });
    const facts = await memoryInChild({ of: 'facts', ...job });
    const kilobytes = all.bytes / all.places / 1000;
    const ofFacts = facts.bytes / facts.places / 1000;
    this.say(`  ${whole(all.places)} learner-courses, ${MEMORY_FACTS} facts each: ${kilobytes.toFixed(1)} KB each, ${ofFacts.toFixed(1)} KB of them facts`);
    return [
      { name: 'memory of a learner in a course, 10 rules', unit: 'KB', values: [kilobytes], goal: { most: 8 } },
      { name: '  of this without the facts', unit: 'KB', values: [kilobytes - ofFacts] },
    ];
  }

  async #own(rules: number, facts: number = USUAL): Promise<RateResult> {
    const { ownSeconds, check } = this.sizes;
    const result = await this.#rate({ contender: 'proofmark', rules, facts, seconds: ownSeconds, check });
    const [wrong] = result.checked?.wrong ?? [];
    if (wrong !== undefined) {
      throw new WrongAnswer(`our engine and the reference do not agree (R = ${rules}, ${facts} facts): ${result.checked?.wrong.join('\n')}`);
    }
    return result;
  }

  async #rate(what: Pick<RateJob, 'contender' | 'rules' | 'facts' | 'seconds'> & { readonly check?: number }): Promise<RateResult> {
    const key = JSON.stringify(what);
    const known = this.#known.get(key);
    if (known) return known;
    const { events, sample } = this.sizes;
    const result = await rateInChild({ check: 0, events, sample, ...what });
    this.#known.set(key, result);
    this.results.push({ job: what, ...result });
    const { contender, rules, facts } = what;
    const { checked } = result;
    this.say(
      `  ${contender}, R = ${whole(rules)}, ${whole(facts)} facts: ${whole(result.events)} events in ${result.seconds.toFixed(1)} s, ` +
        `${result.processorSeconds.toFixed(1)} s of processor time; ${Object.entries(result.counts).map(([name, count]) => `${name} ${whole(count)}`).join(', ')}` +
        (checked ? `; ${whole(checked.outcomes)} outcomes of ${checked.learners} learners checked, ${whole(checked.supported)} met` : ''),
    );
    return result;
  }

  #note(text: string): void {
    if (!this.notes.includes(text)) this.notes.push(text);
  }
}
