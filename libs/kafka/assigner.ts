/** A member of a consumer group, as it joins. */
export interface Member {
  readonly id: string;
  readonly topics: readonly string[];
  /** The numbers of the partitions that it had, whose learners it remembers, those first that it had longest. */
  readonly held: readonly number[];
}

/** By topic, the numbers of its partitions that a member gets. */
export type Assignment = ReadonlyMap<string, readonly number[]>;

/**
 * Which member gets which partitions. A number goes to the same member in every topic, so that whoever has a learner's
 * events of one topic has those of all others; members get as many numbers as each other, give or take one; and they
 * keep as many of those that they had as that allows, the longest held first. Topics that not all members subscribe to (while another set of
 * topics is being rolled out) are shared out among those who do. The same members give the same answer in any order.
 */
export const assign = (members: readonly Member[], partitions: ReadonlyMap<string, number>): ReadonlyMap<string, Assignment> => {
  const result = new Map(members.map(({ id }) => [id, new Map<string, readonly number[]>()]));
  for (const { topics, subscribers } of topicsBySubscribers(members, [...partitions.keys()].sort())) {
    const count = Math.max(...topics.map((topic) => partitions.get(topic) ?? 0));
    for (const [id, numbers] of shareOut(count, subscribers)) {
      for (const topic of topics) {
        const existing = numbers.filter((number) => number < (partitions.get(topic) ?? 0));
        if (existing.length > 0) result.get(id)?.set(topic, existing);
      }
    }
  }
  return result;
};

interface TopicGroup {
  readonly topics: string[];
  readonly subscribers: readonly Member[];
}

const topicsBySubscribers = (members: readonly Member[], topics: readonly string[]): Iterable<TopicGroup> => {
  const groups = new Map<string, TopicGroup>();
  for (const topic of topics) {
    const subscribers = members.filter((member) => member.topics.includes(topic)).sort(byId);
    if (subscribers.length === 0) continue;
    const key = JSON.stringify(subscribers.map(({ id }) => id));
    const group = groups.get(key);
    if (group) group.topics.push(topic);
    else groups.set(key, { topics: [topic], subscribers });
  }
  return groups.values();
};

const byId = (a: Member, b: Member): number => (a.id < b.id ? -1 : 1);

/** Shares the numbers below `count` out among members in the order of their ids. */
const shareOut = (count: number, members: readonly Member[]): ReadonlyMap<string, readonly number[]> => {
  const claims = claimsOf(count, members);
  const share = Math.floor(count / members.length);
  let larger = count % members.length;
  const numbers = new Map<string, number[]>();
  const room: string[] = [];
  // Those who had most get the larger shares: so the fewest numbers move.
  for (const { id, claimed } of [...claims].sort((a, b) => b.claimed.length - a.claimed.length)) {
    const quota = larger > 0 ? share + 1 : share;
    larger--;
    const kept = claimed.slice(0, quota);
    numbers.set(id, kept);
    for (let i = kept.length; i < quota; i++) room.push(id);
  }
  const taken = new Set([...numbers.values()].flat());
  for (let number = 0; number < count; number++) if (!taken.has(number)) numbers.get(room.shift() ?? '')?.push(number);
  for (const mine of numbers.values()) mine.sort((a, b) => a - b);
  return numbers;
};

interface Claim {
  readonly id: string;
  readonly claimed: readonly number[];
}

/** What each member may go on holding: of those that name a number, as after an outage of one, whoever had it longest. */
const claimsOf = (count: number, members: readonly Member[]): readonly Claim[] => {
  const taken = new Set<number>();
  const claims = members.map(({ id }) => ({ id, claimed: [] as number[] }));
  const most = Math.max(...members.map(({ held }) => held.length));
  for (let rank = 0; rank < most; rank++) {
    members.forEach(({ held }, i) => {
      const number = held[rank];
      if (number === undefined || !Number.isInteger(number) || number < 0 || number >= count || taken.has(number)) return;
      taken.add(number);
      claims[i]?.claimed.push(number);
    });
  }
  return claims;
};
