import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { BatchDesk, BatchRefusal } from '../batches/desk.js';
import { AS_ADMIN } from './admin-under-test.js';
import { serverUnderTest, type Answer, type ServerUnderTest } from './server-under-test.js';

const RULE = `
badge: workshop
name: { en: Data Workshop }
criteria-text: { en: Took part in the whole workshop }
decides: as-soon-as-met
when-corrected: review
criteria: { approval: { by: 1 } }
`;

let server: ServerUnderTest;
beforeAll(async () => {
  server = await serverUnderTest();
  expect(await server.post('/v1/rules', { source: RULE })).toMatchObject({ status: 201 });
});
afterAll(() => server.close());

const inject = async (method: 'POST' | 'GET' | 'DELETE', url: string, payload?: string | Readable, type = 'text/csv'): Promise<Answer & { readonly bytes: Buffer }> => {
  const answer = await server.app.nest.inject({ method, url, headers: AS_ADMIN, ...(payload !== undefined && { payload, headers: { ...AS_ADMIN, 'content-type': type } }) });
  const json = String(answer.headers['content-type']).includes('json');
  return { status: answer.statusCode, headers: answer.headers, text: answer.body, bytes: answer.rawPayload, body: json ? (JSON.parse(answer.body) as Answer['body']) : {} };
};
const upload = (csv: string, badge = 'workshop') => inject('POST', `/v1/batches?badge=${badge}`, csv);
const fail = (line: string): never => {
  throw new Error(line);
};
const batches = (): string => join(server.engine.config.dataDir, 'batches');

/** Waits until a batch is in a state other than these. */
const after = async (id: unknown, ...states: readonly string[]): Promise<Answer['body']> => {
  for (;;) {
    const { body } = await server.get(`/v1/batches/${String(id)}`);
    if (!states.includes(String(body['state']))) return body;
    await new Promise((resolve) => setImmediate(resolve));
  }
};

describe('batches over HTTP', () => {
  it('are uploaded, looked at, issued, fetched and deleted', async () => {
    const { status, body } = await upload('id;Full name;Mail\r\ne1;Ann;\r\ne2;Bob;\r\n;Nobody;nope\r\n');
    expect(status).toBe(201);
    expect(body).toMatchObject({
      state: 'uploaded', badge: 'workshop', columns: ['id', 'Full name', 'Mail'], mapping: { learner: 'id', name: 'Full name', email: 'Mail' },
      preview: { rows: 3, new: 2, has: 0, bad: 1, badRows: [{ line: 4, problems: ['the e-mail address cannot be one'] }] },
    });
    const id = String(body['id']);
    for (const name of ['', 'upload.csv', 'batch.json']) expect(statSync(join(batches(), id, name)).mode & 0o077).toBe(0);
    expect(await inject('GET', `/v1/batches/${id}/archive`)).toMatchObject({ status: 409 });

    const issue = { confirm: body['confirm'], reason: 'Spring', template: 'modern' };
    const [one, other] = await Promise.all([server.post(`/v1/batches/${id}/issue`, issue), server.post(`/v1/batches/${id}/issue`, issue)]);
    expect([one.status, other.status].sort()).toEqual([202, 409]);
    expect(await after(id, 'waiting', 'issuing')).toMatchObject({ state: 'done', by: 'admin-key', result: { approved: 2, awarded: 2, notAwarded: 0 } });
    expect(await server.post(`/v1/batches/${id}/issue`, issue)).toMatchObject({ status: 409 });
    expect(await server.post(`/v1/batches/${id}/preview`, {})).toMatchObject({ status: 409, body: { detail: expect.stringContaining('is issued') as string } });

    const archive = await inject('GET', `/v1/batches/${id}/archive`);
    expect(archive).toMatchObject({ status: 200, headers: { 'content-type': 'application/zip' } });
    expect(archive.bytes.subarray(0, 4).toString('latin1')).toBe('PK\x03\x04');
    expect(archive.bytes.includes('certificates/')).toBe(true);
    expect(statSync(join(batches(), id, 'archive.zip')).mode & 0o077).toBe(0);
    expect(readFileSync(join(batches(), id, 'batch.json'), 'utf8')).not.toMatch(/Ann|Bob/);

    expect(await inject('DELETE', `/v1/batches/${id}`)).toMatchObject({ status: 204 });
    expect(existsSync(join(batches(), id))).toBe(false);
    expect(await server.get(`/v1/batches/${id}`)).toMatchObject({ status: 404 });

    const again = await upload('id,name\ne1,Ann\n');
    expect(again.body).toMatchObject({ preview: { new: 0, has: 1 } });
    await inject('DELETE', `/v1/batches/${String(again.body['id'])}`);
  });

  it('take columns that somebody names', async () => {
    const { status, body } = await upload('Matrikel,Wer\nx1,Ann\n');
    expect(status).toBe(201);
    expect(body).toMatchObject({ problem: expect.stringContaining('No column says who') as string, mapping: {} });
    expect(body['preview']).toBeUndefined();
    const id = String(body['id']);
    expect(await server.post(`/v1/batches/${id}/issue`, { confirm: 'x' })).toMatchObject({ status: 400 });
    expect(await server.post(`/v1/batches/${id}/preview`, { mapping: { learner: 'None' } })).toMatchObject({ status: 400, body: { detail: expect.stringContaining('no column "None"') as string } });
    expect(await server.post(`/v1/batches/${id}/preview`, { mapping: { learner: 'Matrikel' } })).toMatchObject({ status: 200, body: { preview: { new: 1 }, mapping: { learner: 'Matrikel' } } });
    const { body: { confirm } } = await server.post(`/v1/batches/${id}/preview`, { mapping: { name: 'Wer' } });
    expect(await server.post(`/v1/batches/${id}/issue`, { confirm })).toMatchObject({ status: 202, body: { mapping: { learner: 'Matrikel', name: 'Wer' } } });
    expect(await after(id, 'waiting', 'issuing')).toMatchObject({ state: 'done', result: { awarded: 1 } });
    await inject('DELETE', `/v1/batches/${id}`);
  });

  it('are issued as they were previewed, or not at all', async () => {
    const { body } = await upload('Matrikel,Other,Wer\nm1,o1,Ann\n');
    const id = String(body['id']);
    const looked = async (learner: string) => (await server.post(`/v1/batches/${id}/preview`, { mapping: { learner } })).body['confirm'];
    const issued = async (sent: object) => (await server.post(`/v1/batches/${id}/issue`, sent)).status;
    const [seen, same] = [await looked('Matrikel'), await looked('Matrikel')];
    expect(same).toBe(seen);
    // Somebody else looks at it with another column meanwhile.
    const others = await looked('Other');
    expect(await server.post(`/v1/batches/${id}/issue`, { confirm: seen })).toMatchObject({ status: 409, body: { type: 'urn:proofmark:problem:preview-moved' } });
    // Another version of the badge's rule, and another file.
    expect(await server.post('/v1/rules', { source: RULE.replace('whole workshop', 'whole of the workshop') })).toMatchObject({ status: 201 });
    expect(await issued({ confirm: others })).toBe(409);
    const renewed = await looked('Matrikel');
    const file = join(batches(), id, 'upload.csv');
    writeFileSync(file, readFileSync(file, 'utf8').replace('m1', 'm2'));
    expect([await issued({ confirm: renewed }), await issued({}), await issued({ confirm: renewed, mapping: { learner: 'Other' } })]).toEqual([409, 400, 400]);
    expect(await server.get(`/v1/batches/${id}`)).toMatchObject({ body: { state: 'uploaded' } });
    expect(await issued({ confirm: await looked('Matrikel') })).toBe(202);
    expect(await after(id, 'waiting', 'issuing')).toMatchObject({ state: 'done', result: { awarded: 1, refused: 0 } });
    await inject('DELETE', `/v1/batches/${id}`);
  });

  it('show their columns, and each row with where it stands', async () => {
    const lines = Array.from({ length: 120 }, (_none, i) => (i === 60 ? ',Nobody,' : `row-${i},Person ${i},`));
    const { body } = await upload(`id,name,이메일\nrow-0,Person 0,\n${lines.slice(1).join('\n')}\nrow-1,Twice,\n`);
    const id = String(body['id']);
    expect((await server.get(`/v1/batches/${id}/columns`)).body).toEqual({ items: [
      { column: 'id', first: ['row-0', 'row-1', 'row-2', 'row-3', 'row-4'] }, { column: 'name', first: ['Person 0', 'Person 1', 'Person 2', 'Person 3', 'Person 4'] }, { column: '이메일', first: ['', '', '', '', ''] },
    ] });
    const rows = async (asked: string) => (await server.get(`/v1/batches/${id}/rows?${asked}`)).body as { readonly items: readonly { readonly line: number }[]; readonly next: number | null };
    expect(await rows('standing=bad')).toEqual({ next: null, items: [
      { line: 62, standing: 'bad', name: 'Nobody', problems: [{ en: expect.stringContaining('nobody is named') as string, ko: expect.stringContaining('누구인지') as string }] },
      { line: 122, standing: 'bad', who: 'row-1', name: 'Twice', problems: [{ en: 'the same person is in line 3', ko: '같은 사람이 3번째 줄에 있습니다', field: 'learner' }] },
    ] });
    expect(await rows(`text=${encodeURIComponent('pERSON 11')}`)).toMatchObject({ items: [11, 110, 111, 112, 113, 114, 115, 116, 117, 118, 119].map((i) => ({ line: i + 2, standing: 'new', who: `row-${i}` })) });
    const seen: number[] = [];
    for (let next: number | null = 0; next !== null; ) {
      const page: Awaited<ReturnType<typeof rows>> = await rows(`limit=50&after=${next}`);
      seen.push(...page.items.map(({ line }) => line));
      next = page.next;
    }
    expect(seen).toEqual(Array.from({ length: 121 }, (_none, i) => i + 2));
    expect([(await server.get(`/v1/batches/${id}/rows?standing=x`)).status, (await server.get(`/v1/batches/${id}/rows?limit=501`)).status]).toEqual([400, 400]);
    expect(statSync(join(batches(), id, 'rows.ndjson')).mode & 0o077).toBe(0);
    await inject('DELETE', `/v1/batches/${id}`);
  });

  it('tell who was approved before from who would be, right after the upload', async () => {
    expect(await server.post('/v1/rules', { source: RULE.replace('badge: workshop', 'badge: two-people').replace('by: 1', 'by: 2') })).toMatchObject({ status: 201 });
    const { body } = await upload('id\nhalf\n', 'two-people');
    await server.post(`/v1/batches/${String(body['id'])}/issue`, { confirm: body['confirm'] });
    expect(await after(body['id'], 'waiting', 'issuing')).toMatchObject({ result: { approved: 1, awarded: 0 } });
    const again = await upload('id\nhalf\n', 'two-people');
    expect(again.body).toMatchObject({ preview: { new: 0, approved: 1 } });
    for (const one of [body, again.body]) await inject('DELETE', `/v1/batches/${String(one['id'])}`);
  });

  it('are listed, the newest first, and what a crash has torn is told as damaged', async () => {
    const ids: string[] = [];
    for (const learner of ['a', 'b', 'c', 'd', 'e']) ids.push(String((await upload(`id\nlist-${learner}\n`)).body['id']));
    const [whole, torn = '', empty = '', other = '', list = ''] = ids;
    const about = (id: string): string => join(batches(), id, 'batch.json');
    writeFileSync(about(torn), readFileSync(about(torn), 'utf8').slice(0, 40));
    writeFileSync(about(empty), '');
    writeFileSync(about(other), 'null');
    writeFileSync(about(list), '[]');
    const { status, body } = await server.get('/v1/batches');
    expect(status).toBe(200);
    const listed = body['items'] as readonly Answer['body'][];
    expect(listed.map(({ id, state }) => [id, state]).sort()).toEqual(ids.map((id) => [id, id === whole ? 'uploaded' : 'damaged']).sort());
    expect(listed.map((one) => String(one['createdAt']))).toEqual(listed.map((one) => String(one['createdAt'])).sort().reverse());
    for (const id of [torn, empty, other, list]) {
      const told = await server.get(`/v1/batches/${id}`);
      expect(told).toMatchObject({ status: 200, body: { id, state: 'damaged', problem: expect.stringContaining('upload the file again') as string } });
      for (const [act, sent] of [['preview', {}], ['issue', { confirm: 'x' }]] as const) expect(await server.post(`/v1/batches/${id}/${act}`, sent)).toMatchObject({ status: 409, body: { detail: expect.stringContaining('damaged') as string } });
      expect(await inject('GET', `/v1/batches/${id}/archive`)).toMatchObject({ status: 409 });
      expect(await inject('DELETE', `/v1/batches/${id}`)).toMatchObject({ status: 204 });
    }
    expect(await server.get('/v1/batches')).toMatchObject({ body: { items: [{ id: whole }] } });
    await inject('DELETE', `/v1/batches/${String(whole)}`);
  });

  it('tell nobody what the disk says', async () => {
    const uploaded = (await upload('id,name\nlost,Ann\n')).body;
    const [id, confirm] = [String(uploaded['id']), uploaded['confirm']];
    rmSync(join(batches(), id, 'upload.csv'));
    for (const [act, sent] of [['preview', {}], ['issue', { confirm }]] as const) {
      const { status, text } = await server.post(`/v1/batches/${id}/${act}`, sent);
      expect([act, status]).toEqual([act, 500]);
      expect(text).not.toMatch(/ENOENT|upload\.csv|proofmark-http-/);
    }
    writeFileSync(join(batches(), id, 'upload.csv'), 'id,name\nlost,Ann\n');
    mkdirSync(join(batches(), id, 'archive.zip', 'x'), { recursive: true }); // nothing can be renamed to it
    expect(await server.post(`/v1/batches/${id}/issue`, { confirm })).toMatchObject({ status: 202 });
    const failed = await after(id, 'waiting', 'issuing');
    expect(failed).toMatchObject({ state: 'failed', problem: expect.stringContaining('Issue it again') as string });
    expect(JSON.stringify(failed)).not.toMatch(/EISDIR|ENOTEMPTY|EEXIST|archive\.zip|proofmark-http-/);
    rmSync(join(batches(), id, 'archive.zip'), { recursive: true });
    expect(await server.post(`/v1/batches/${id}/issue`, { confirm })).toMatchObject({ status: 202 });
    expect(await after(id, 'waiting', 'issuing')).toMatchObject({ state: 'done', result: { awarded: 1 } });
    await inject('DELETE', `/v1/batches/${id}`);
  });

  it('are refused with what to do', async () => {
    expect(await upload('id\ne1', 'essays')).toMatchObject({ status: 400, body: { detail: expect.stringContaining('approval') as string } });
    expect(await upload('id\ne1', 'nope')).toMatchObject({ status: 404 });
    expect(await upload('')).toMatchObject({ status: 400, body: { detail: expect.stringContaining('The file is empty') as string } });
    expect(await inject('POST', '/v1/batches?badge=workshop', '{}', 'application/json')).toMatchObject({ status: 415 });
    expect(await inject('POST', '/v1/batches', 'id\ne1')).toMatchObject({ status: 400 });
    expect(await inject('POST', '/v1/rules', 'id\ne1')).toMatchObject({ status: 415 });
    const large = Readable.from((function* () { for (let i = 0; i < 51; i++) yield Buffer.alloc(1_000_000, 'a'); })());
    expect(await inject('POST', '/v1/batches?badge=workshop', large)).toMatchObject({ status: 413 });
    for (const id of ['..', '%2e%2e%2f%2e%2e', '0'.repeat(36)]) expect(await server.get(`/v1/batches/${id}`)).toMatchObject({ status: 404 });
    expect(readdirSync(batches())).toEqual([]); // nothing that was refused stays
  });
});

describe('the desk of batches', () => {
  it('goes on with what a stop interrupted', async () => {
    const first = new BatchDesk(server.engine, Date.now, fail);
    const { id, confirm = '' } = await first.receive('workshop', Readable.from([Buffer.from('id,name\ns1,Sid\ns2,Sue\n')]));
    await first.issue(id, confirm, { by: 'hr', reason: 'Spring' });
    await first.close();
    const second = new BatchDesk(server.engine, Date.now, fail);
    expect(await second.get(id)).toMatchObject({ state: 'interrupted', by: 'hr', confirm, settings: { reason: 'Spring' } });
    await second.issue(id, confirm, { by: 'hr' });
    for (let view = await second.get(id); view.state !== 'done'; view = await second.get(id)) await new Promise((resolve) => setImmediate(resolve));
    expect(await second.get(id)).toMatchObject({ result: { awarded: 2 } });
    await second.remove(id);
    await second.close();
  });

  it('stops what waits or is under way, and goes on with it', async () => {
    const desk = new BatchDesk(server.engine, Date.now, fail);
    const ended = async (id: string) => {
      for (;;) {
        const view = await desk.get(id);
        if (view.state !== 'waiting' && view.state !== 'issuing') return view;
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const people = Array.from({ length: 30 }, (_none, i) => `stop-${i},Person ${i}`).join('\n');
    const one = await desk.receive('workshop', Readable.from([Buffer.from(`id,name\n${people}\n`)]));
    const other = await desk.receive('workshop', Readable.from([Buffer.from('id,name\nstop-x,Ann\n')]));
    await desk.issue(one.id, one.confirm ?? '', { by: 'hr', reason: 'Spring' });
    await desk.issue(other.id, other.confirm ?? '', { by: 'hr' });
    expect(await desk.cancel(other.id)).toMatchObject({ cancelling: true });
    await desk.cancel(one.id);
    for (const { id } of [one, other]) expect(await ended(id)).toMatchObject({ state: 'cancelled' });
    await expect(desk.cancel(one.id)).rejects.toThrow('nothing is there to be stopped');
    await expect(desk.archive(one.id)).rejects.toThrow('The archive is there when');
    // What was said about it is there for who goes on.
    const looked = await desk.look(one.id, {}, 'hr');
    expect(looked).toMatchObject({ state: 'cancelled', confirm: one.confirm, settings: { reason: 'Spring' } });
    await desk.issue(one.id, looked.confirm ?? '', { by: 'hr' });
    expect(await ended(one.id)).toMatchObject({ state: 'done', result: { awarded: 30 } });
    expect(await server.engine.readModels.find('award', { where: { learner: 'stop-x' } })).toEqual([]);
    for (const { id } of [one, other]) await desk.remove(id);
    await desk.close();
  });

  it('changes a batch in the order in which it was asked', async () => {
    const desk = new BatchDesk(server.engine, Date.now, fail);
    const settled = async (...work: readonly Promise<unknown>[]) => (await Promise.allSettled(work)).map((one) => (one.status === 'fulfilled' ? 'done' : one.reason instanceof BatchRefusal ? one.reason.kind : String(one.reason)));
    const received = (learner: string) => desk.receive('workshop', Readable.from([Buffer.from(`id,name\n${learner},Ann\n`)]));
    for (let round = 0; round < 5; round++) {
      const { id, confirm = '' } = await received(`turn-${round}`);
      const look = () => desk.look(id, {}, 'hr');
      expect(await settled(look(), look(), desk.remove(id), look(), desk.issue(id, confirm, { by: 'hr' }))).toEqual(['done', 'done', 'done', 'not-found', 'not-found']);
      expect(readdirSync(batches())).toEqual([]); // nothing was written into it after it was gone
    }
    const { id, confirm = '' } = await received('turn-x');
    expect(await settled(desk.look(id, {}, 'hr'), desk.issue(id, confirm, { by: 'hr' }), desk.look(id, {}, 'x'), desk.remove(id))).toEqual(['done', 'done', 'conflict', 'conflict']);
    for (let view = await desk.get(id); view.state !== 'done'; view = await desk.get(id)) await new Promise((resolve) => setImmediate(resolve));
    expect(await settled(desk.look(id, {}, 'hr'), desk.issue(id, confirm, { by: 'hr' }), desk.remove(id))).toEqual(['conflict', 'conflict', 'done']);
    await desk.close();
  });

  it('gives an archive whole to who has begun to read it, though it is deleted or its day is over', async () => {
    let now = Date.now();
    const desk = new BatchDesk(server.engine, () => now, fail);
    for (const end of ['delete', 'day'] as const) {
      const { id, confirm = '' } = await desk.receive('workshop', Readable.from([Buffer.from(`id,name\narchive-${end},Ann\n`)]));
      await desk.issue(id, confirm, { by: 'hr' });
      for (let view = await desk.get(id); view.state !== 'done'; view = await desk.get(id)) await new Promise((resolve) => setImmediate(resolve));
      const { stream, length } = await desk.archive(id);
      if (end === 'delete') await desk.remove(id);
      else now += 24 * 3_600_000 + 1;
      await Promise.all(Array.from({ length: 5 }, () => expect(desk.archive(id)).rejects.toThrow('There is no batch of this id')));
      expect(readdirSync(batches())).toEqual([]);
      let read = 0;
      for await (const piece of stream) read += (piece as Buffer).length;
      expect([read, length]).toEqual([length, read]);
    }
    await desk.close();
  });

  it('removes what is a day old, and uploads that never ended', async () => {
    let now = Date.now();
    const desk = new BatchDesk(server.engine, () => now, fail);
    const { id } = await desk.receive('workshop', Readable.from([Buffer.from('id\ne1\n')]));
    const left = join(batches(), '00000000-0000-4000-8000-000000000000');
    mkdirSync(left);
    utimesSync(left, now / 1000 - 3600, now / 1000 - 3600);
    await desk.sweep();
    expect(readdirSync(batches())).toEqual([id]);
    now += 24 * 3_600_000 + 1;
    await expect(desk.get(id)).rejects.toThrow('There is no batch of this id');
    expect(readdirSync(batches())).toEqual([]);
    await desk.close();
  });
});
