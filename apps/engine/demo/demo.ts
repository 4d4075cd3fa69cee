import { addAnswer, EMPTY_ACCOUNT, isAccounted, isBalanced, positionIn, type DemoAccount } from './account.js';
import { EFFECTS } from './cast.js';
import { createEngineClient, isMembers, realWait, type Answer, type EngineClient, type Wait } from './engine-client.js';
import { progressLine, type Print } from './progress-line.js';
import { SECOND_SCHOOL, secondSchoolEvents } from './second-school.js';
import { attentionTo, letStrangersLook } from './strangers.js';
import { demoTerm, DEMO_SEED, type DemoTerm } from './term.js';
import { dayBefore } from './term-calendar.js';
import { findSights, linkLines, linksTo, type Link } from './what-to-open.js';

/** What the demo needs. */
export interface DemoOptions {
  /** Where the engine listens, like "http://127.0.0.1:3000". */
  readonly baseUrl: string;
  /** A key that may send events and read what came of them. */
  readonly key: string;
  readonly print: Print;
  /** Ends the demo; `runDemo` then rejects with its reason. */
  readonly signal: AbortSignal;
  /** Today's date in Seoul (YYYY-MM-DD); the term ended the day before. */
  readonly today: string;
  /** Whether `print` writes to a terminal; false where absent. */
  readonly tty?: boolean;
  readonly wait?: Wait;
  /** The engine serves the demo's second school, too. */
  readonly secondSchool?: boolean;
}

/** How the demo went. */
export type DemoResult =
  | {
      readonly outcome: 'streamed';
      readonly account: DemoAccount;
      /** Whether the engine gave word of everything that it was sent. */
      readonly balanced: boolean;
      readonly open: readonly Link[];
    }
  | { readonly outcome: 'already-there'; readonly open: readonly Link[] }
  | { readonly outcome: 'failed'; readonly reason: string; readonly account: DemoAccount };

const BATCH = 200;
const AWARD_CHECKS = 40;
const AWARD_CHECK_EVERY = 250;

/**
 * Streams the demo term through the engine's HTTP intake, unless it is there already, and prints what to open next.
 * Rejects when the signal ends it, or with a RangeError where `today` is no date.
 */
export const runDemo = async (options: DemoOptions): Promise<DemoResult> => {
  const { print, signal, wait = realWait } = options;
  const baseUrl = options.baseUrl.replace(/\/+$/, '');
  const client = createEngineClient({ baseUrl, key: options.key, signal, wait });
  const term = demoTerm({ seed: DEMO_SEED, lastDay: dayBefore(options.today) });

  const first = await client.get('/v1/learners/hb-0001/timeline?limit=1');
  if (hasItems(first)) {
    print('The demo term is here already, so nothing is sent. To start afresh, stop the engine and delete its data directory.\n');
    const open = linksTo(baseUrl, await findSights(client, 0, wait, signal), options.secondSchool);
    print(`Open next:\n${linkLines(open)}`);
    return { outcome: 'already-there', open };
  }
  if (first.status !== 404 && first.status !== 200) return failed(print, `cannot tell whether the demo term is there: ${first.detail}`, EMPTY_ACCOUNT);

  const streamed = await stream(client, term, { ...options, wait });
  const { account, problem, position } = streamed;
  if (problem !== undefined) return failed(print, problem, account);
  const balanced = isBalanced(account);
  print(accountLine(account, balanced));
  const sights = await findSights(client, position, wait, signal);
  const open = linksTo(baseUrl, sights, options.secondSchool);
  if (options.secondSchool) await sendSecondSchool(client, dayBefore(options.today), print);
  print('Badges that are decided at the end of a course day or of a hold follow within a few seconds.\n');
  print(`Open next:\n${linkLines(open)}`);
  const { opened, shared } = await letStrangersLook(client, attentionTo(sights.active, DEMO_SEED), wait, signal);
  print(`Strangers opened ${opened} pages of badges, and learners shared ${shared}: the analytics count them.\n`);
  return { outcome: 'streamed', account, balanced, open };
};

/** Sends the evenings of the second school, which shows what tenants are: nothing of it is to be seen under the first one's address. */
const sendSecondSchool = async (client: EngineClient, lastDay: string, print: Print): Promise<void> => {
  const events = secondSchoolEvents(lastDay);
  const { status, detail } = await client.postEvents(JSON.stringify(events), `/t/${SECOND_SCHOOL}`);
  print(status === 200 ? `A second school, below /t/${SECOND_SCHOOL}, sent its ${events.length} events.\n` : `The second school could not send its events: ${detail}\n`);
};

const failed = (print: Print, reason: string, account: DemoAccount): DemoResult => {
  print(
    `The demo stopped after ${account.sent} events: ${reason}\n` +
      'To start afresh, stop the engine, delete its data directory, and start it again.\n',
  );
  return { outcome: 'failed', reason, account };
};

const accountLine = (account: DemoAccount, balanced: boolean): string => {
  const { sent, recorded, duplicates, deadLettered } = account;
  const sum = `${sent} sent = ${recorded} recorded + ${duplicates} duplicates + ${deadLettered} dead letters`;
  return balanced ? `${sum}\n` : `This does not add up, which is a fault of the engine: ${sum}\n`;
};

interface Streamed {
  readonly account: DemoAccount;
  readonly position: number;
  /** Why it ended early. */
  readonly problem: string | undefined;
}

interface Request {
  readonly body: string;
  readonly events: number;
}

/** The term, then its corrections once their awards are there, then the mistakes, one request each. */
const stream = async (client: EngineClient, term: DemoTerm, { print, signal, tty = false, wait = realWait }: DemoOptions): Promise<Streamed> => {
  const parts: readonly (readonly Request[])[] = [
    batchesOf(term.term),
    batchesOf(term.corrections),
    term.bad.map(({ body }) => ({ body, events: 1 })),
  ];
  const total = parts.flat().reduce((sum, { events }) => sum + events, 0);
  print('Hanbit Academy, a school that does not exist: one class term of 12 weeks, sent as its class systems would.\n');
  const progress = progressLine(print, { label: 'Streaming the demo term', total, tty });
  let account = EMPTY_ACCOUNT;
  let position = 0;
  let awarded = false;
  for (const [i, requests] of parts.entries()) {
    if (i === 1) awarded = await decided(client, AWARDS_BEFORE, wait, signal);
    for (const { body, events } of requests) {
      const answer = await client.postEvents(body);
      const taken = answer.status !== 0 && answer.status < 500 && (answer.status < 400 || isAccounted(answer));
      if (!taken) {
        progress.end();
        return { account, position, problem: `the engine does not take events: ${answer.detail}` };
      }
      account = addAnswer(account, events, answer);
      position = Math.max(position, positionIn(answer));
      progress.show(account.sent);
    }
  }
  progress.end();
  if (awarded) await decided(client, AWARDS_AFTER, wait, signal);
  return { account, position, problem: undefined };
};

const batchesOf = (events: DemoTerm['term']): readonly Request[] =>
  Array.from({ length: Math.ceil(events.length / BATCH) }, (_, i) => {
    const batch = events.slice(i * BATCH, (i + 1) * BATCH);
    return { body: JSON.stringify(batch), events: batch.length };
  });

const AWARDS_BEFORE = EFFECTS.filter(({ effect }) => effect !== 'granted').map((changed) => awardsOf(changed));
const AWARDS_AFTER = EFFECTS.flatMap((changed) =>
  changed.effect === 'revoked' || changed.effect === 'suspended' ? [`${awardsOf(changed)}&state=${changed.effect}`] : [],
);

function awardsOf({ learner, badge }: (typeof EFFECTS)[number]): string {
  return `/v1/awards?learner=${learner}&badge=${badge}&limit=1`;
}

/** Gives the engine time to decide; it may have other rules, so not for ever. True once each of the lists has an award. */
const decided = async (client: EngineClient, lists: readonly string[], wait: Wait, signal: AbortSignal): Promise<boolean> => {
  let checks = 0;
  for (const list of lists) {
    while (!(await isThere(client, list))) {
      if (++checks >= AWARD_CHECKS) return false;
      await wait(AWARD_CHECK_EVERY, signal);
    }
  }
  return true;
};

const isThere = async (client: EngineClient, path: string): Promise<boolean> => hasItems(await client.get(path));

const hasItems = ({ status, body }: Answer): boolean =>
  status === 200 && isMembers(body) && Array.isArray(body['items']) && body['items'].length > 0;
