/**
 * Brings the events of one learner together, in their order, so that a learner's memory is fetched once a batch: much of
 * the time of an event goes to that. What is no learner's event (`learnerOf` is undefined) stays where it is, and no event passes it.
 */
export const learnersTogether = <E>(events: readonly E[], learnerOf: (event: E) => string | undefined): readonly E[] => {
  const arranged: E[] = [];
  /** For each event the place of the learner's next one, 0 where there is none; and whether it is such a next one. */
  const [next, isNext] = [new Uint32Array(events.length), new Uint8Array(events.length)];
  const last = new Map<string, number>();
  const arrange = (from: number, to: number): void => {
    for (let first = from; first < to; first++) {
      if (isNext[first]) continue;
      arranged.push(events[first] as E);
      for (let at = next[first]; at; at = next[at]) arranged.push(events[at] as E);
    }
    last.clear();
  };
  let from = 0;
  for (const [at, event] of events.entries()) {
    const learner = learnerOf(event);
    if (learner === undefined) {
      arrange(from, at);
      arranged.push(event);
      from = at + 1;
      continue;
    }
    const before = last.get(learner);
    last.set(learner, at);
    if (before === undefined) continue;
    next[before] = at;
    isNext[at] = 1;
  }
  arrange(from, events.length);
  return arranged;
};
