/** Progress of long work, for people: one line that is rewritten on a terminal, a line now and then elsewhere. */
export interface ProgressLine {
  update(text: string): void;
  /** Ends the line, so that what follows starts on its own. */
  end(): void;
}

const TERMINAL_MS = 100;
const PLAIN_MS = 5000;

/** Progress on standard error, so that standard output holds only results. */
export const progressLine = (stream: NodeJS.WriteStream = process.stderr): ProgressLine => {
  const every = stream.isTTY ? TERMINAL_MS : PLAIN_MS;
  let shown = stream.isTTY ? -Infinity : performance.now();
  let open = false;
  return {
    update: (text) => {
      const now = performance.now();
      if (now - shown < every) return;
      shown = now;
      open = stream.isTTY;
      stream.write(stream.isTTY ? `\r\x1b[K${text.slice(0, (stream.columns || 80) - 1)}` : `${text}\n`);
    },
    end: () => {
      if (open) stream.write('\r\x1b[K');
      open = false;
    },
  };
};

/** A bar of a fixed width for a share from 0 to 1. */
export const bar = (share: number, width = 24): string => {
  const full = Math.round(Math.min(1, Math.max(0, share)) * width);
  return `${'█'.repeat(full)}${'░'.repeat(width - full)}`;
};
