import { secretsOf } from './in-memory.js';
import type { VaultSecrets } from './sealed-vault.js';
import type { Subject, Vault } from './vault.js';

/** A vault and what a test needs to do to it. */
export interface VaultUnderTest {
  readonly vault: Vault;
  /** Closes it and opens it again, as a restart of the program does. */
  readonly restart: (secrets?: VaultSecrets) => Promise<Vault>;
  /** A second open of the same vault, beside the first. */
  readonly openReader: () => Promise<Vault>;
  /** All bytes that are at rest. */
  readonly bytes: () => Promise<Uint8Array>;
  readonly discard: () => Promise<void>;
}

const learner = (id: string, tenant = 't'): Subject => ({ tenant, kind: 'learner', id });
const letter = (id: string): Subject => ({ tenant: 't', kind: 'letter', id });
const text = (value: string): Uint8Array => Buffer.from(value);
const ada = { name: 'Ada Canary-Lovelace', email: 'ada.canary@school.example' };

/** What every vault promises. */
export const vaultContract = (name: string, open: (secrets: VaultSecrets) => Promise<VaultUnderTest>): void => {
  describe(`the vault contract: ${name}`, () => {
    let under: VaultUnderTest;
    let vault: Vault;
    beforeEach(async () => {
      under = await open(secretsOf('ring'));
      vault = under.vault;
    });
    afterEach(() => under.discard());

    it('gives back what was put, also after a restart, and to who reads beside', async () => {
      await vault.put([{ subject: learner('ada'), fields: ada }, { subject: learner('ada', 'other'), fields: { name: 'Another' } }]);
      expect(await vault.get(learner('ada'))).toEqual(ada);
      const reader = await under.openReader();
      expect(await reader.get(learner('ada'))).toEqual(ada);
      await reader.close();
      const again = await under.restart();
      expect(await again.getMany([learner('nobody'), learner('ada', 'other'), learner('ada')])).toEqual([undefined, { name: 'Another' }, ada]);
    });

    it('changes what is named and leaves the rest', async () => {
      await vault.put([{ subject: learner('ada'), fields: ada }]);
      await vault.put([{ subject: learner('ada'), fields: { name: 'Ada', language: 'ko', email: null } }]);
      expect(await vault.get(learner('ada'))).toEqual({ name: 'Ada', language: 'ko' });
    });

    it('finds subjects by a value of which it keeps a code alone', async () => {
      await vault.put(['b', 'a'].map((id) => ({ subject: learner(id), fields: {}, lookups: { email: ada.email } })));
      await vault.put([{ subject: learner('ada', 'other'), fields: {}, lookups: { email: ada.email } }]);
      expect(await vault.findBy('t', 'learner', 'email', ada.email)).toEqual(['a', 'b']);
      expect(await vault.findBy('t', 'learner', 'login', ada.email)).toEqual([]);
      expect(await vault.findBy('t', 'account', 'email', ada.email)).toEqual([]);
      expect(await vault.findBy('t', 'learner', 'email', 'other@school.example')).toEqual([]);
      await vault.put([{ subject: learner('a'), fields: {}, lookups: { email: null } }]);
      expect(await vault.findBy('t', 'learner', 'email', ada.email)).toEqual(['b']);
    });

    it('lists subjects of a kind page by page', async () => {
      await vault.put(['c', 'a', 'b'].map((id) => ({ subject: learner(id), fields: {} })));
      await vault.seal([{ subject: letter('x'), field: 'raw', content: text('y') }]);
      expect(await vault.list('t', 'learner', { limit: 2 })).toEqual(['a', 'b']);
      expect(await vault.list('t', 'learner', { after: 'b', limit: 2 })).toEqual(['c']);
      expect(await vault.list('t', 'letter', { limit: 9 })).toEqual(['x']);
    });

    it('seals what is kept elsewhere for its subject and field, and opens it for them alone', async () => {
      const [one, other] = await vault.seal([{ subject: letter('1'), field: 'raw', content: text('one') }, { subject: letter('2'), field: 'raw', content: text('two') }]);
      if (!one || !other) throw new Error('nothing was sealed');
      expect(Buffer.from(one.sealed).includes('one')).toBe(false);
      expect([one.fresh, other.fresh]).toEqual([true, true]);
      expect(await vault.open(letter('1'), 'raw', one.sealed)).toEqual(text('one'));
      expect(await vault.open(letter('2'), 'raw', one.sealed)).toBeUndefined();
      expect(await vault.open(letter('none'), 'raw', one.sealed)).toBeUndefined();
      await expect(vault.open(letter('1'), 'detail', one.sealed)).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
      const altered = Uint8Array.from(one.sealed);
      altered[altered.length - 1] = (altered.at(-1) ?? 0) ^ 1;
      await expect(vault.open(letter('1'), 'raw', altered)).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
      const [again] = await vault.seal([{ subject: letter('1'), field: 'raw', content: text('one') }]);
      expect(again?.fresh).toBe(false);
      expect(again?.sealed).not.toEqual(one.sealed);
      expect(await (await under.restart()).open(letter('1'), 'raw', one.sealed)).toEqual(text('one'));
    });

    it('keeps the keys of one call for one subject the same, and of several calls at once', async () => {
      const item = (content: string) => ({ subject: letter('1'), field: 'raw', content: text(content) });
      const sealed = await Promise.all([vault.seal([item('a'), item('b')]), vault.seal([item('c')])]);
      expect(await Promise.all(sealed.flat().map((one) => vault.open(letter('1'), 'raw', one.sealed)))).toEqual([text('a'), text('b'), text('c')]);
    });

    it('erases a subject with its key: nothing that was sealed for it opens again, whatever is put later', async () => {
      await vault.put([{ subject: learner('ada'), fields: ada, lookups: { email: ada.email } }, { subject: learner('bob'), fields: { name: 'Bob' } }]);
      const [sealed] = await vault.seal([{ subject: learner('ada'), field: 'letter', content: text('secret') }]);
      expect(await vault.erase([learner('ada'), learner('nobody')])).toBe(1);
      expect(await vault.erase([learner('ada')])).toBe(0);
      expect(await vault.get(learner('ada'))).toBeUndefined();
      expect(await vault.findBy('t', 'learner', 'email', ada.email)).toEqual([]);
      expect(await vault.list('t', 'learner', { limit: 9 })).toEqual(['bob']);
      expect(await vault.open(learner('ada'), 'letter', sealed?.sealed ?? new Uint8Array())).toBeUndefined();
      await vault.put([{ subject: learner('ada'), fields: { name: 'New' } }]);
      expect(await vault.open(learner('ada'), 'letter', sealed?.sealed ?? new Uint8Array())).toBeUndefined();
      expect(await vault.get(learner('ada'))).toEqual({ name: 'New' });
      expect(await vault.get(learner('bob'))).toEqual({ name: 'Bob' });
    });

    it('gives a code of content that no other key ring and no other tenant gives', async () => {
      const code = await vault.mark('t', 'letter', text('one'));
      expect(code).toHaveLength(32);
      expect(await vault.mark('t', 'letter', text('one'))).toEqual(code);
      const others = [vault.mark('t', 'letter', text('two')), vault.mark('t', 'other', text('one')), vault.mark('other', 'letter', text('one'))];
      for (const other of await Promise.all(others)) expect(other).not.toEqual(code);
      expect(await (await under.restart(secretsOf('another ring'))).mark('t', 'letter', text('one'))).not.toEqual(code);
    });

    it('opens with no other key ring', async () => {
      await vault.put([{ subject: learner('ada'), fields: ada, lookups: { email: ada.email } }]);
      const foreign = await under.restart(secretsOf('another ring'));
      await expect(foreign.get(learner('ada'))).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
      expect(await foreign.findBy('t', 'learner', 'email', ada.email)).toEqual([]);
    });

    it('has nothing of a value at rest, in whatever way it is written', async () => {
      await vault.put([{ subject: learner('l1'), fields: ada, lookups: { email: ada.email } }]);
      const bytes = Buffer.from(await under.bytes());
      expect(bytes.includes('l1')).toBe(true); // what is there is seen
      for (const value of Object.values(ada)) {
        const utf8 = Buffer.from(value);
        for (const written of [utf8, Buffer.from(value, 'utf16le'), Buffer.from(utf8.toString('hex')), Buffer.from(utf8.toString('base64').slice(0, -4))]) expect(bytes.includes(written)).toBe(false);
      }
    });
  });
};
