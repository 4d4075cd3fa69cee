type Amounts = Record<string, number>;
type Branch = Map<string, Branch | Amounts>;

/** Sums of named amounts by a path of texts; every path has the same length. */
export interface Tally {
  readonly add: (path: readonly string[], amounts: Readonly<Record<string, number>>) => void;
  readonly entries: () => readonly { readonly path: readonly string[]; readonly amounts: Readonly<Record<string, number>> }[];
}

/** Counts within a batch, so that a counter is written once per batch and not once per event. */
export const tally = (): Tally => {
  const root: Branch = new Map();
  const at = (path: readonly string[]): Amounts => {
    let branch = root;
    for (const part of path.slice(0, -1)) {
      let next = branch.get(part) as Branch | undefined;
      if (!next) branch.set(part, (next = new Map() as Branch));
      branch = next;
    }
    const last = path.at(-1) ?? '';
    let amounts = branch.get(last) as Amounts | undefined;
    if (!amounts) branch.set(last, (amounts = {}));
    return amounts;
  };
  return {
    add: (path, amounts) => {
      const sums = at(path);
      for (const [name, amount] of Object.entries(amounts)) sums[name] = (sums[name] ?? 0) + amount;
    },
    entries: () => {
      const found: { path: readonly string[]; amounts: Amounts }[] = [];
      const walk = (branch: Branch, path: readonly string[]): void => {
        for (const [part, below] of branch) {
          if (below instanceof Map) walk(below, [...path, part]);
          else found.push({ path: [...path, part], amounts: below });
        }
      };
      walk(root, []);
      return found;
    },
  };
};
