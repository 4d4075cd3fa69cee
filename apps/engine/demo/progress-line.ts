/** Writes text as it is; a line ends with "\n". */
export type Print = (text: string) => void;

/** Says how far a count has come. */
export interface ProgressLine {
  readonly show: (done: number) => void;
  readonly end: () => void;
}

const grouped = (n: number): string => n.toLocaleString('en-US');

/** One line that updates itself on a terminal; elsewhere a line at each quarter. */
export const progressLine = (print: Print, { label, total, tty }: { label: string; total: number; tty: boolean }): ProgressLine => {
  let quarter = 0;
  const text = (done: number): string => `${label}: ${grouped(done)} of ${grouped(total)} events`;
  return {
    show: (done) => {
      if (tty) {
        print(`\r${text(done)}\u001b[K`);
        return;
      }
      const reached = Math.floor((done * 4) / total);
      if (reached === quarter) return;
      quarter = reached;
      print(`${text(done)}\n`);
    },
    end: () => {
      if (tty) print('\n');
    },
  };
};
