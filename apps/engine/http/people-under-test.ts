import type { PersonRole } from '#access/actions.js';
import type { ServerUnderTest } from './server-under-test.js';

/*
 * TEST SUPPORT: people of their own accounts, who come in by an invitation of the administrator's.
 */

const PASSWORD = 'eight quiet lanterns';

/** Somebody who has signed in. */
export interface PersonUnderTest {
  /** Id of the account. */
  readonly id: string;
  /** What their browser sends. */
  readonly as: Readonly<Record<string, string>>;
}

/** Somebody new at the address of a school ("" for the engine's own); `learner` is their id among the learners. */
export const invited = async (server: ServerUnderTest, login: string, roles: readonly PersonRole[], courses: readonly string[] = [], at = '', learner?: string): Promise<PersonUnderTest> => {
  const { body } = await server.post(`${at}/v1/access/people`, { roles, courses, ...(learner !== undefined && { learner }) });
  const own = { authorization: '', 'sec-fetch-site': 'same-origin' };
  const token = new URL(String(body['invitation'])).searchParams.get('token') ?? '';
  const form = new URLSearchParams({ token, login, password: PASSWORD }).toString();
  const { status, headers } = await server.post(`${at}/welcome`, form, { ...own, 'content-type': 'application/x-www-form-urlencoded' });
  if (status !== 303) throw new Error(`the invitation of ${login} was answered with ${status}`);
  return { id: String(body['id']), as: { ...own, cookie: String(headers['set-cookie']).split(';')[0] ?? '' } };
};
