import { flipped } from './tampering.js';
import { inPng, inSvg, issuer, NOW, other, portsWith, signed, statusList, token, unsigned } from './badges-under-test.js';
import { statedHash, type RecordedCredential } from './records.js';
import type { Report } from './report.js';
import { verifyBadge, type VerifyPorts } from './verify-badge.js';
import { canonicalize, type Canonicalize } from '../json-ld/canonical.js';
import type { JsonObject } from '../json-ld/json.js';

const clear = async (): Promise<VerifyPorts> => portsWith([await statusList('revocation'), await statusList('suspension')]);
const json = (value: unknown): string => JSON.stringify(value);
const reasons = (report: Report): Readonly<Record<string, string>> => Object.fromEntries(report.checks.map(({ check, reason }) => [check, reason]));

describe('verifying a badge', () => {
  it('says of a genuine one that it is valid, check by check', async () => {
    const report = await verifyBadge(json(await signed(unsigned())), await clear(), NOW);
    expect(report.checks.map(({ check, result, reason }) => [check, result, reason])).toEqual([
      ['input', 'passed', 'read-json'],
      ['schema', 'passed', 'schema-holds'],
      ['contexts', 'passed', 'contexts-known'],
      ['key', 'passed', 'key-of-issuer'],
      ['proof', 'passed', 'proof-verified'],
      ['dates', 'passed', 'dates-hold'],
      ['revocation', 'passed', 'not-set'],
      ['suspension', 'passed', 'not-set'],
      ['evidence', 'not-checked', 'no-trace'],
      ['recorded', 'not-checked', 'not-our-record'],
    ]);
    expect(report).toMatchObject({
      verdict: 'valid',
      words: { en: 'This badge is genuine and holds.', ko: '이 배지는 진본이며 유효합니다.' },
      format: 'json',
      issuerSource: 'https://badges.school.example/issuers/seoul/did.json',
      badge: { name: 'Practitioner of event sourcing', issuer: { id: issuer.did, name: 'Seoul School of Data' }, validUntil: '2029-06-30T00:00:00Z' },
    });
  });

  it.each(['json', 'jwt', 'png', 'svg'] as const)('takes it as %s', async (format) => {
    const document = json(await signed(unsigned()));
    const inputs = { json: document, jwt: await token(unsigned()), png: inPng(document), svg: inSvg(document) };
    expect(await verifyBadge(inputs[format], await clear(), NOW)).toMatchObject({ verdict: 'valid', format });
  });

  it('takes a token that is baked into an image', async () => {
    const jwt = await token(unsigned());
    const svg = `<svg xmlns:b="https://purl.imsglobal.org/ob/v3p0"><b:credential verify="${jwt}"/></svg>`;
    expect((await verifyBadge(inPng(jwt), await clear(), NOW)).verdict).toBe('valid');
    expect((await verifyBadge(Buffer.from(svg), await clear(), NOW)).verdict).toBe('valid');
  });

  it('takes a proof that is not in an array', async () => {
    const { proof, ...rest } = await signed(unsigned());
    expect((await verifyBadge(json({ ...rest, proof: (proof as readonly unknown[])[0] }), await clear(), NOW)).verdict).toBe('valid');
  });

  it('follows the issuer’s lists', async () => {
    const badge = json(await signed(unsigned({ number: 5 })));
    const verdict = async (revoked: readonly number[], suspended: readonly number[]) =>
      (await verifyBadge(badge, portsWith([await statusList('revocation', revoked), await statusList('suspension', suspended)]), NOW)).verdict;
    expect(await verdict([4, 6], [4, 6])).toBe('valid');
    expect(await verdict([5], [])).toBe('revoked');
    expect(await verdict([], [5])).toBe('suspended');
    expect(await verdict([5], [5])).toBe('revoked');
  });

  it.each([
    ['is missing', [], 'list-unavailable'],
    ['is one for suspension', [() => statusList('suspension', [], issuer, 'https://badges.school.example/issuers/seoul/status/1/revocation')], 'list-untrusted'],
    ['is another issuer’s', [() => statusList('revocation', [], other, 'https://badges.school.example/issuers/seoul/status/1/revocation')], 'list-untrusted'],
    ['is another list of the issuer', [() => statusList('revocation', [], issuer, 'https://badges.school.example/issuers/seoul/status/2/revocation')], 'list-unavailable'],
    ['was changed', [async () => flipped(await statusList('revocation'), '"encodedList":"uH4sI')], 'list-untrusted'],
  ] as const)('cannot tell when the list %s', async (_what, lists, reason) => {
    const ports = portsWith([...(await Promise.all(lists.map((list) => list()))), await statusList('suspension')]);
    const report = await verifyBadge(json(await signed(unsigned())), ports, NOW);
    expect([report.verdict, reasons(report)['revocation']]).toEqual(['cannot-be-told', reason]);
  });

  it('cannot tell by a list that no longer holds', async () => {
    const old = JSON.parse(await statusList('revocation')) as JsonObject;
    const { proof: _, ...rest } = old;
    const list = json(await signed({ ...rest, validUntil: '2026-08-31T12:00:00Z' }));
    const report = await verifyBadge(json(await signed(unsigned())), portsWith([list, await statusList('suspension')]), NOW);
    expect([report.verdict, reasons(report)['revocation']]).toEqual(['cannot-be-told', 'list-outdated']);
  });

  it('cannot tell who made it where the issuer is not known, and then shows no name', async () => {
    const report = await verifyBadge(json(await signed(unsigned())), portsWith([], []), NOW);
    expect(report).toMatchObject({ verdict: 'cannot-be-told' });
    expect(reasons(report)).toMatchObject({ key: 'issuer-unknown', proof: 'proof-not-checked', revocation: 'status-not-checked' });
    expect(report.badge).toBeUndefined();
  });

  it('minds the dates, with five minutes for clocks that differ', async () => {
    const badge = json(await signed({ ...unsigned(), validFrom: '2026-09-01T00:00:00Z', validUntil: '2026-10-01T00:00:00Z' }));
    const at = async (time: string) => (await verifyBadge(badge, await clear(), Date.parse(time))).verdict;
    expect(await at('2026-08-31T23:54:59Z')).toBe('invalid');
    expect(await at('2026-08-31T23:55:00Z')).toBe('valid');
    expect(await at('2026-09-30T23:59:59Z')).toBe('valid');
    expect(await at('2026-10-01T00:00:00Z')).toBe('expired');
  });

  it('shows names without what is invisible or turns the direction of writing', async () => {
    const report = await verifyBadge(json(await signed(unsigned({ name: 'Safe\u202egpj.exe\u200b' }))), await clear(), NOW);
    expect(report).toMatchObject({ verdict: 'valid', badge: { name: 'Safegpj.exe' } });
  });

  it('shows names in one line, so that none looks like a line of the report', async () => {
    const report = await verifyBadge(json(await signed(unsigned({ name: 'Badge\n✓ proof\t\u001b[2J' }))), await clear(), NOW);
    expect(report.badge?.name).toBe('Badge ✓ proof [2J');
  });

  it('minds a key that the issuer has withdrawn', async () => {
    const { verificationMethod } = issuer.document as { verificationMethod: readonly JsonObject[] };
    const withKey = (more: JsonObject) => ({ ...issuer.document, verificationMethod: verificationMethod.map((one) => ({ ...one, ...more })) });
    const lists = [await statusList('revocation'), await statusList('suspension')];
    const verdict = async (more: JsonObject, badge: string) => (await verifyBadge(badge, portsWith(lists, [withKey(more)]), NOW)).verdict;
    const badge = json(await signed(unsigned()));
    expect(await verdict({ expires: '2030-01-01T00:00:00Z' }, badge)).toBe('valid');
    expect(await verdict({ expires: '2026-08-01T00:00:00Z' }, badge)).toBe('invalid');
    expect(await verdict({ revoked: '2026-08-01T00:00:00Z' }, badge)).toBe('invalid');
    expect(await verdict({ revoked: 'some day' }, await token(unsigned()))).toBe('invalid');
  });
});

describe('verifying a badge of our own', () => {
  const traced = { ...unsigned(), evidence: [{ id: 'https://badges.school.example/credentials/X/trace', type: ['Evidence'], narrative: `The decision trace has the sha256 ${'a'.repeat(64)}.` }] };
  const record = (more: Partial<RecordedCredential> = {}): RecordedCredential => ({
    status: 'active', editions: [{ hash: statedHash(traced), newest: true }], traceHash: 'a'.repeat(64), ...more,
  });
  const verify = async (record: RecordedCredential | 'unknown' | 'not-ours', document: JsonObject = traced) =>
    verifyBadge(json(await signed(document)), { ...portsWith([]), known: async () => record }, NOW);

  it('rests on the log, which needs no list', async () => {
    const report = await verify(record());
    expect(report.verdict).toBe('valid');
    expect(reasons(report)).toMatchObject({ recorded: 'recorded', evidence: 'evidence-agrees', revocation: 'log-agrees', suspension: 'log-agrees' });
  });

  it('takes the token of what is on record as well', async () => {
    const report = await verifyBadge(await token(traced), { ...portsWith([]), known: async () => record() }, NOW);
    expect(report.verdict).toBe('valid');
  });

  it('refuses what the log does not know, though the key is right', async () => {
    expect(await verify('unknown')).toMatchObject({ verdict: 'invalid' });
    expect(reasons(await verify('unknown'))['recorded']).toBe('not-recorded');
    const backdated = await verify(record(), { ...traced, validFrom: '2020-01-01T00:00:00Z' });
    expect([backdated.verdict, reasons(backdated)['recorded']]).toEqual(['invalid', 'recorded-otherwise']);
  });

  it('follows the log’s status and trace', async () => {
    expect((await verify(record({ status: 'suspended' }))).verdict).toBe('suspended');
    expect((await verify(record({ status: 'revoked' }))).verdict).toBe('revoked');
    const differs = await verify(record({ traceHash: 'b'.repeat(64) }));
    expect([differs.verdict, reasons(differs)['evidence']]).toEqual(['invalid', 'evidence-differs']);
    const older = await verify(record({ traceHash: 'b'.repeat(64), editions: [{ hash: statedHash(traced), newest: false }] }));
    expect([older.verdict, reasons(older)['recorded']]).toEqual(['valid', 'recorded-renewed']);
  });

  it('goes the faster way to a canonical form for what is in the log word for word, and for nothing else', async () => {
    const document = await signed(unsigned());
    const asked: unknown[] = [];
    const known = async (): Promise<RecordedCredential> => ({ status: 'active', editions: [{ hash: statedHash(document), newest: true }] });
    const canonicalizeRecorded: Canonicalize = (one) => {
      asked.push(one['id'] ?? one['type']);
      return canonicalize(one);
    };
    const ports = { ...(await clear()), known, canonicalizeRecorded };
    expect((await verifyBadge(json(document), ports, NOW)).verdict).toBe('valid');
    expect(asked).toEqual([document['id'], 'DataIntegrityProof']);
    expect((await verifyBadge(flipped(json(document), '"name":"Practitioner'), ports, NOW)).verdict).not.toBe('valid');
    expect((await verifyBadge(json(await signed(unsigned({ number: 5 }))), ports, NOW)).verdict).not.toBe('valid');
    expect(asked).toHaveLength(2);
  });
});
