import { forgetfulVault } from './in-memory.js';
import { keepAddresses, learnersByEmail, readProfile, writeProfile } from './profiles.js';

describe('profiles', () => {
  it('keep a name, an address and a language in one form each', async () => {
    const vault = forgetfulVault();
    await writeProfile(vault, 't', 'ada', { name: ' Ada  Lovelace ', email: 'ADA@School.example', language: 'en-gb' });
    expect(await readProfile(vault, 't', 'ada')).toEqual({ name: 'Ada  Lovelace', email: 'ada@school.example', language: 'en-GB' });
    expect(await readProfile(vault, 'other', 'ada')).toEqual({});
    await writeProfile(vault, 't', 'ada', { name: null });
    expect(await readProfile(vault, 't', 'ada')).toEqual({ email: 'ada@school.example', language: 'en-GB' });
  });

  it.each([{ name: '' }, { name: 'a\nb' }, { name: 'x'.repeat(201) }, { email: 'nobody' }, { language: 'no language' }])('refuse %j', async (change) => {
    await expect(writeProfile(forgetfulVault(), 't', 'ada', change)).rejects.toMatchObject({ code: 'USAGE' });
  });

  it('find learners by an address', async () => {
    const vault = forgetfulVault();
    await writeProfile(vault, 't', 'ada', { email: 'ada@school.example' });
    expect(await learnersByEmail(vault, 't', 'Ada@school.example')).toEqual(['ada']);
    await writeProfile(vault, 't', 'ada', { email: null });
    expect(await learnersByEmail(vault, 't', 'ada@school.example')).toEqual([]);
    expect(await learnersByEmail(vault, 't', 'no address')).toEqual([]);
  });

  it('keep the addresses that stand for learners, and leave what a person has set', async () => {
    const vault = forgetfulVault();
    await writeProfile(vault, 't', 'mail-1', { email: 'new@school.example' });
    await keepAddresses(vault, 't', new Map([['mail-1', 'old@school.example'], ['mail-2', 'two@school.example']]));
    expect(await readProfile(vault, 't', 'mail-1')).toEqual({ email: 'new@school.example' });
    expect(await learnersByEmail(vault, 't', 'two@school.example')).toEqual(['mail-2']);
  });
});
