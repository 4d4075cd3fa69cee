import { InMemoryLog } from '#intake/in-memory-log.js';
import { createIntake } from '#intake/intake.js';
import { malformed } from '#intake/mapped.js';
import { forgetfulVault } from '#vault/in-memory.js';
import { lettersAbout } from './letters-about.js';

const PERSON = { tenant: 't', learner: 'hb-0017', texts: ['Kim Minji', 'minji@school.example'] };
const learnerOf = async (email: string): Promise<string> => (email === 'other-name@school.example' ? 'hb-0017' : 'somebody');

const found = async (raw: string | Uint8Array): Promise<boolean> => {
  const [store, vault] = [new InMemoryLog(), forgetfulVault()];
  const intake = createIntake({ store, seals: vault, tenant: 't', now: () => 0, newId: () => 'x' });
  await intake.submit([{ raw, format: 'proofmark', origin: 'test', mapped: malformed('bad') }]);
  return (await lettersAbout({ store, vault }, PERSON, learnerOf)).about.length === 1;
};

describe('dead letters about somebody', () => {
  it.each<[string, string | Uint8Array]>([
    ['the id as a value', '{"learner":"hb-0017"}'],
    ['the id deeper down', '{"data":{"who":["hb-0017"]}}'],
    ['the id where it is no JSON', 'learner=hb-0017;'],
    ['the name', '{"note":"of KIM MINJI"}'],
    ['the name with escapes', '{"note":"\\u004bim \\u004dinji"}'],
    ['the name with escapes where it is cut off', '{"note":"\\u004bim \\u004dinji'],
    ['the address', 'mail to MINJI@school.example'],
    ['an address that stands for the learner', '{"learner":"Other-Name@school.example"}'],
    ['data in base64', JSON.stringify({ data_base64: Buffer.from('{"learner":"hb-0017"}').toString('base64') })],
    ['UTF-16', Buffer.concat([Uint8Array.of(0xff, 0xfe), Buffer.from('Kim Minji', 'utf16le')])],
    ['Latin-1', Buffer.concat([Buffer.from('Kim Minji '), Uint8Array.of(0xe9, 0xff)])],
  ])('are found by %s', async (_by, raw) => expect(await found(raw)).toBe(true));

  it.each<[string, string]>([
    ['a longer id', '{"learner":"hb-00171"}'],
    ['the id as a part of another', 'learner=xhb-0017; hb-0017-b'],
    ['somebody else', '{"learner":"hb-0018","name":"Kim Minjun","mail":"minjun@school.example"}'],
  ])('are not those of %s', async (_of, raw) => expect(await found(raw)).toBe(false));
});
