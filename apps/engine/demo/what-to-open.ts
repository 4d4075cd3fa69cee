import { credentialCode, patienceFor } from './credential-code.js';
import { isMembers, type EngineClient, type Wait } from './engine-client.js';
import { SECOND_SCHOOL } from './second-school.js';
import type { ShownAward } from './strangers.js';

/** A page to look at, and what it shows. */
export interface Link {
  readonly url: string;
  readonly shows: string;
}

/** What is worth a look in an engine that holds the demo term. */
export interface Sights {
  /** The learner with the most active awards. */
  readonly learner: string | undefined;
  /** One of that learner's awards. */
  readonly award: string | undefined;
  /** The code of that award's credential, once it is issued. */
  readonly code: string | undefined;
  /** An award of a badge that rests on other badges: a role, whose criteria are a pathway. */
  readonly role: string | undefined;
  /** Whoever lost an award because a badge that it rests on was lost. */
  readonly fell: string | undefined;
  /** An award that waits for a person's decision. */
  readonly suspended: string | undefined;
  /** All awards that hold. */
  readonly active: readonly ShownAward[];
}

interface SeenAward {
  readonly id: string;
  readonly badge: string;
  readonly learner: string;
  readonly state: string;
  /** '' for a badge that rests on other badges and approvals alone. */
  readonly course: string;
}

/** The badge whose rule is worth a look in the studio: it has averages, lateness and a sum. */
const STUDIED = 'sql-practitioner';

/** More pages than the demo term fills. */
const MAX_PAGES = 20;

const isAward = (value: unknown): value is SeenAward =>
  isMembers(value) && ['id', 'badge', 'learner', 'state', 'course'].every((field) => typeof value[field] === 'string');

const awardsFrom = async (client: EngineClient, minPosition: number): Promise<readonly SeenAward[]> => {
  const awards: SeenAward[] = [];
  let path = `/v1/awards?limit=500&minPosition=${minPosition}`;
  for (let page = 0; page < MAX_PAGES; page++) {
    const { status, body } = await client.get(path);
    if (status !== 200 || !isMembers(body) || !Array.isArray(body['items'])) break;
    awards.push(...body['items'].filter(isAward));
    if (typeof body['next'] !== 'string') break;
    path = `/v1/awards?limit=500&cursor=${encodeURIComponent(body['next'])}`;
  }
  return awards;
};

const CODE_CHECKS = 20;
const CODE_CHECK_EVERY = 250;

/** Looks for what is worth a look, on read models that show the position; finds nothing where the awards cannot be read. */
export const findSights = async (client: EngineClient, minPosition: number, wait: Wait, signal: AbortSignal): Promise<Sights> => {
  const awards = await awardsFrom(client, minPosition);
  const held = new Map<string, number>();
  for (const { learner, state } of awards) if (state === 'active') held.set(learner, (held.get(learner) ?? 0) + 1);
  const [most] = [...held].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const learner = most?.[0];
  const award = awards.find((one) => one.learner === learner && one.state === 'active' && one.course !== '')?.id;
  return {
    learner,
    award,
    code: award === undefined ? undefined : await credentialCode(client, award, patienceFor(CODE_CHECKS, CODE_CHECK_EVERY, wait, signal)),
    role: awards.find((award) => award.course === '' && award.state === 'active')?.id,
    fell: awards.find((award) => award.course === '' && award.state === 'revoked')?.learner,
    suspended: awards.find(({ state }) => state === 'suspended')?.id,
    active: awards.filter(({ state }) => state === 'active').map(({ id, badge }) => ({ id, badge })),
  };
};

/** The pages to open, the most telling first. */
export const linksTo = (baseUrl: string, { learner, award, code, role, fell, suspended, active }: Sights, secondSchool = false): readonly Link[] => {
  const part = encodeURIComponent;
  const to = (path: string, shows: string): Link => ({ url: `${baseUrl}${path}`, shows });
  // In the demo a link also says who opens it.
  const as = (role: 'admin' | 'learner' | 'instructor' | 'operator', path: string, shows: string, who = ''): Link => to(`/sign-in/demo/${role}?${who && `learner=${part(who)}&`}to=${part(path)}`, shows);
  return [
    to('/app/', 'the demo itself: choose who you are, and look around'),
    ...(learner ? [as('learner', `/app/learners/${part(learner)}`, `growth path of ${learner}, who has the most badges: what happened, which levels and roles were earned, what is missing; as ${learner} sees it`, learner)] : []),
    ...(award ? [as('admin', `/app/awards/${part(award)}`, 'one of those badges: each criterion, its value, what was needed, and the events that prove it')] : []),
    ...(code ? [to(`/v/${code}`, 'that badge as anybody sees it who scans its QR code: is it real, for what, since when'), to(`/credentials/${code}/en/certificate.pdf`, 'its certificate, to print')] : []),
    ...(role ? [as('admin', `/app/awards/${part(role)}`, 'the badge of a role: a pathway over the courses, with the badges that it rests on')] : []),
    ...(fell ? [as('admin', `/app/learners/${part(fell)}`, `growth path of ${fell}, who lost a role because a badge that it rests on was revoked: what leads back to it`)] : []),
    ...(suspended ? [as('admin', `/app/awards/${part(suspended)}`, 'a badge that is suspended because a mark was corrected; a person has to decide')] : []),
    ...(active.some(({ badge }) => badge === STUDIED) ? [as('instructor', `/app/rules/${STUDIED}`, 'the rule of a badge in the studio: what it means, whom it touches, and what a change would do')] : []),
    as('admin', '/app/analytics', 'are the badges worth something: how many earned them, who looks at them, what needs a look'),
    as('operator', '/app/operation', 'deliveries with mistakes: kept whole, each with its reason, to be replayed once the cause is gone'),
    ...(secondSchool ? [to(`/t/${SECOND_SCHOOL}/sign-in/demo/admin?to=${part('/app/awards')}`, 'the awards of a second school on the same engine: other people, other keys, other addresses')] : []),
    to('/docs', 'everything that the engine can be asked, to try out in the browser'),
  ];
};

/** The links as lines for people. */
export const linkLines = (links: readonly Link[]): string =>
  links.map(({ url, shows }) => `  ${url}\n      ${shows}\n`).join('');
