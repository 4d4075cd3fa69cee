import { leaveOnceJoined } from './back-off.js';

describe('a member that joins a group when it is to leave already', () => {
  it('is waited for until it has left', async () => {
    const told: string[] = [];
    let join: (member: { readonly stop: () => Promise<void> }) => void = () => undefined;
    const leaving = leaveOnceJoined(new Promise((resolve) => (join = resolve))).then(() => told.push('over'));
    join({ stop: async () => void (await Promise.resolve(), told.push('left')) });
    await leaving;
    expect(told).toEqual(['left', 'over']);
  });

  it('keeps nobody where it cannot join, or not leave', async () => {
    await leaveOnceJoined(Promise.reject(new Error('no broker')));
    await leaveOnceJoined(Promise.resolve({ stop: () => Promise.reject(new Error('gone')) }));
  });
});
