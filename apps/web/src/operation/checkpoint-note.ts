/** What a checkpoint says of the log. */
export interface CheckpointNote {
  /** How many records it covers. */
  readonly size: number;
  /** When it was signed. */
  readonly time: string;
}

/** What a signed note says, by its lines (C2SP tlog-checkpoint); undefined where it is none. Whether it is signed rightly is not looked at here. */
export const readCheckpoint = (note: string): CheckpointNote | undefined => {
  const [, size = '', ...more] = note.split('\n');
  const time = more.find((line) => line.startsWith('time '))?.slice('time '.length);
  return /^\d+$/.test(size) && time !== undefined && !Number.isNaN(Date.parse(time)) ? { size: Number(size), time } : undefined;
};
