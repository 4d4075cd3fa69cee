import { ClusterUnderTest, describeKafka, until } from './cluster-under-test.js';
import { openWorkGroup, type WorkGroup, type WorkMember } from './work-group.js';

describeKafka('work that is divided by a group', () => {
  let cluster: ClusterUnderTest;
  let topic: string;
  const members: WorkMember[] = [];
  beforeEach(async () => {
    cluster = new ClusterUnderTest();
    topic = await cluster.topic('shares', 12);
  });
  afterEach(async () => {
    await Promise.all(members.splice(0).map((member) => member.stop()));
    await cluster.end();
  });

  const open = (like = topic, shares = topic): Promise<WorkGroup> =>
    openWorkGroup({ kafka: cluster.options, topic: shares, like, groupId: cluster.group, log: () => undefined, sessionTimeoutMs: 6_000 }, new AbortController().signal);
  /** Joins, and keeps what it was told last. */
  const joined = (group: WorkGroup, stage = 'decide'): { readonly told: (readonly number[])[]; readonly now: () => readonly number[] | undefined; readonly member: WorkMember } => {
    const told: (readonly number[])[] = [];
    const member = group.join(stage, async (own) => void told.push(own));
    members.push(member);
    return { told, now: () => told.at(-1), member };
  };
  const all = Array.from({ length: 12 }, (_none, i) => i);
  const sum = (...parts: readonly (readonly number[] | undefined)[]): string => String(parts.flatMap((part) => part ?? []).sort((a, b) => a - b));

  it('is one member’s until others come, then all of theirs, and the others’ when one goes', async () => {
    const group = await open();
    expect(group.shares).toBe(12);
    const a = joined(group);
    await until('the first has everything', () => a.now()?.length === 12);
    const [b, c] = [joined(await open()), joined(await open())];
    await until('three have four each', () => [a, b, c].every((one) => one.now()?.length === 4) && sum(a.now(), b.now(), c.now()) === String(all));
    await a.member.stop();
    await until('two have six each', () => [b, c].every((one) => one.now()?.length === 6) && sum(b.now(), c.now()) === String(all));
  });

  it('is divided for each stage by itself', async () => {
    const group = await open();
    const [deciding, signing] = [joined(group, 'decide'), joined(group, 'issue')];
    await until('each has everything', () => deciding.now()?.length === 12 && signing.now()?.length === 12);
  });

  it('has its topic made like that of the events', async () => {
    const missing = `${topic}-missing`;
    expect((await open(topic, missing)).shares).toBe(12);
    expect((await open(topic, missing)).shares).toBe(12);
    await expect(open(`${topic}-nowhere`, `${topic}-neither`)).rejects.toMatchObject({ code: 'USAGE' });
  });

  it('tells of one change after another, of several the last', async () => {
    const group = await open();
    const told: (readonly number[])[] = [];
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const slow = group.join('decide', async (own) => {
      told.push(own);
      if (told.length === 1) await held;
    });
    members.push(slow);
    await until('it was told once', () => told.length === 1);
    const b = joined(await open());
    await until('the second has its half', () => b.now()?.length === 6);
    const c = joined(await open());
    await until('the third has its share', () => c.now()?.length === 4);
    expect(told).toHaveLength(1);
    release();
    await until('it is told of what it has now', () => told.length === 2);
    expect(told[1]).toHaveLength(4);
  });
});
