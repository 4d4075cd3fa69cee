import { awarded, awardLife, entriesOf, T0 } from './fixtures.js';
import { heldSkills } from './held-skills.js';
import { membershipOf, type EnrolmentRow } from './learner-group.js';
import type { LogEntry } from './projection.js';
import type { Write } from './read-model.js';

const rowsOf = (entries: readonly LogEntry[]): readonly EnrolmentRow[] =>
  heldSkills.project(entries).flatMap((write: Write) => (write.op === 'put' && write.collection === 'enrolment' ? [write.row as unknown as EnrolmentRow] : []));
const enrolled = { type: 'Enrolled', source: 'lms', learner: 'ann', course: 'c1', time: T0 } as const;

describe('who holds what', () => {
  it('is each award with what it is now', async () => {
    const entries = await entriesOf(...awardLife());
    const writes = heldSkills.project(entries);
    expect(writes[0]).toMatchObject({ op: 'put', collection: 'holding', row: { tenant: 't', learner: 'ann', badge: 'starter', status: 'active', position: 1 } });
    expect(writes.slice(1).map((write) => write.op === 'patch' && write.set)).toEqual([
      { status: 'suspended', position: 4 }, { status: 'revoked', position: 5 }, { status: 'active', position: 6 }, { status: 'revoked', position: 7 },
    ]);
  });

  it('goes with an erased learner, and says that somebody went', async () => {
    const erased = { type: 'LearnerErased', tenant: 't', learner: 'ann', by: 'x', reason: 'y', at: T0 } as unknown as Parameters<typeof entriesOf>[0];
    expect(heldSkills.project(await entriesOf(erased))).toEqual([
      { op: 'forget', collection: 'enrolment', where: { tenant: 't', learner: 'ann' } },
      { op: 'forget', collection: 'holding', where: { tenant: 't', learner: 'ann' } },
      { op: 'add', collection: 'forgotten', key: { tenant: 't' }, add: { learners: 1 } },
    ]);
    expect(heldSkills.project((await entriesOf(awarded())).map((entry) => ({ ...entry, erased: true as const })))).toEqual([]);
  });
});

describe('in which group a learner is', () => {
  const groupAfter = async (...events: Parameters<typeof entriesOf>): Promise<string | undefined> => membershipOf(rowsOf(await entriesOf(...events)))?.group;

  it('says the newest enrolment that says one: its department, else its group', async () => {
    expect(await groupAfter({ ...enrolled, id: '1', attributes: { department: ' Sales ', group: 'B' } })).toBe('Sales');
    expect(await groupAfter({ ...enrolled, id: '1', attributes: { group: 7 } })).toBe('7');
    const moved = { ...enrolled, id: '2', course: 'c2', time: T0 + 5, attributes: { department: 'Legal' } };
    expect(await groupAfter(moved, { ...enrolled, id: '1', attributes: { department: 'Sales' } })).toBe('Legal');
    expect(await groupAfter(moved, { ...enrolled, id: '3', course: 'c3', time: T0 + 9 })).toBe('Legal');
    expect(await groupAfter({ ...enrolled, id: '1', attributes: { department: '' } })).toBeUndefined();
  });

  it('is as corrected, though the correction came first', async () => {
    const sales = { ...enrolled, id: '1', attributes: { department: 'Sales' } };
    const replaced = { type: 'FactReplaced', source: 'lms', id: '2', target: '1', learner: 'ann', time: T0 + 1, changes: { attributes: { department: 'Legal' } } } as const;
    expect(await groupAfter(sales, replaced)).toBe('Legal');
    expect(await groupAfter(replaced, sales)).toBe('Legal');
    expect(membershipOf(rowsOf(await entriesOf({ type: 'FactRetracted', source: 'lms', id: '3', target: '1', learner: 'ann' }, sales)))).toBeUndefined();
  });

  it('is none of who is enrolled as staff', async () => {
    expect(membershipOf(rowsOf(await entriesOf({ ...enrolled, id: '1', role: 'staff', attributes: { department: 'Sales' } })))).toBeUndefined();
    expect(membershipOf(rowsOf(await entriesOf({ ...enrolled, id: '1' })))).toEqual({ since: T0 });
  });
});
