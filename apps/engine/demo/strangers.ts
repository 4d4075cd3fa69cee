import { credentialCode, patienceFor } from './credential-code.js';
import type { EngineClient, Wait } from './engine-client.js';
import { seededRandom } from './random.js';

/** An award of the demo, as far as strangers are told of it. */
export interface ShownAward {
  readonly id: string;
  readonly badge: string;
}

/** What becomes of one badge after it was awarded. */
export interface Attention {
  readonly award: string;
  /** How many different people open its page. */
  readonly visits: number;
  /** Where its holder shares it to. */
  readonly share?: 'linkedin' | 'link';
}

/** Who opens a page: one browser, several people, told apart by the language they read. */
const VISITORS = ['ko-KR,ko;q=0.9', 'en-GB,en;q=0.9', 'de-DE,de;q=0.8'] as const;
const BROWSER = 'Mozilla/5.0 (a visitor of the demo)';

/** Which badges strangers look at, and which are shared: about half of them, some badges far more than others. */
export const attentionTo = (awards: readonly ShownAward[], seed: number): readonly Attention[] =>
  awards.flatMap(({ id, badge }) => {
    const liked = seededRandom(seed, `strangers/${badge}`).next();
    const random = seededRandom(seed, `strangers/${id}`);
    if (!random.chance(0.1 + liked * 0.7)) return [];
    const share = random.chance(0.1 + liked * 0.4) ? ({ share: random.chance(0.6) ? 'linkedin' : 'link' } as const) : {};
    return [{ award: id, visits: random.whole(1, VISITORS.length), ...share }];
  });

const CHECKS = 60;
const CHECK_EVERY = 500;

/**
 * Lets strangers look at badges as they would: over HTTP, on the badges' public pages. A badge whose credential is not signed in time is left
 * out. How many pages were opened, and how many badges shared.
 */
export const letStrangersLook = async (client: EngineClient, all: readonly Attention[], wait: Wait, signal: AbortSignal): Promise<{ readonly opened: number; readonly shared: number }> => {
  const patience = patienceFor(CHECKS, CHECK_EVERY, wait, signal);
  let [opened, shared] = [0, 0];
  for (const { award, visits, share } of all) {
    const code = await credentialCode(client, award, patience);
    if (code === undefined) continue;
    for (const language of VISITORS.slice(0, visits)) {
      const { status } = await client.get(`/v/${code}`, { 'user-agent': BROWSER, 'accept-language': language });
      if (status === 200) opened++;
    }
    if (share && (await client.post(`/v1/credentials/${code}/shares`, { to: share })).status < 300) shared++;
  }
  return { opened, shared };
};
