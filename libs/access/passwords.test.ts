import { hashPassword, isPassword } from './passwords.js';

describe('a password', () => {
  it('is known again, however it was typed, and no other one', async () => {
    const hash = await hashPassword('각별한 비밀번호입니다, é');
    expect(hash).toMatch(/^scrypt\$131072\$8\$1\$/);
    expect(await isPassword('각별한 비밀번호입니다, é'.normalize('NFD'), hash)).toBe(true);
    expect(await isPassword('각별한 비밀번호입니다, e', hash)).toBe(false);
    expect(await isPassword('', hash)).toBe(false);
  });

  it('has another hash each time', async () => expect(await hashPassword('the same password')).not.toBe(await hashPassword('the same password')));

  it('is none where nothing is kept', async () => {
    for (const hash of [undefined, '', 'scrypt$1$1$1$$', 'plain']) expect(await isPassword('', hash)).toBe(false);
  });
});
