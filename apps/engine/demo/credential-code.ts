import { isMembers, type EngineClient, type Wait } from './engine-client.js';

/** Waits for a next look; false, without waiting, once there were enough. */
export type Patience = () => Promise<boolean>;

/** Patience for so many waits, so many milliseconds each, however many awards share it. */
export const patienceFor = (waits: number, milliseconds: number, wait: Wait, signal: AbortSignal): Patience => {
  let left = waits;
  return async () => {
    if (left === 0) return false;
    left -= 1;
    await wait(milliseconds, signal);
    return true;
  };
};

/** The code of an award's credential, which is signed a moment after the award; undefined where there is no such award, or patience ends before. */
export const credentialCode = async (client: EngineClient, award: string, patience: Patience): Promise<string | undefined> => {
  do {
    const { status, body } = await client.get(`/v1/awards/${encodeURIComponent(award)}`);
    if (status !== 200 || !isMembers(body)) return undefined;
    if (typeof body['credential'] === 'string') return body['credential'];
  } while (await patience());
  return undefined;
};
