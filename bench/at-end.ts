const left = new Set<() => void>();

const runAll = (): void => {
  for (const work of left) work();
  left.clear();
};

process.once('exit', runAll);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    runAll();
    // The signal's own effect: an orderly exit would tear down engine threads in the middle of a statement.
    process.kill(process.pid, signal);
  });
}

/** Has something done when the process ends, also by an interrupt; returns how to call that off. */
export const atEnd = (work: () => void): (() => void) => {
  left.add(work);
  return () => void left.delete(work);
};
