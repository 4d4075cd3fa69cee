import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';

/** Makes names in a directory durable. */
export const syncDirectory = async (dir: string): Promise<void> => {
  const handle = await open(dir, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

/** Replaces a file so that after a crash either the old or the new content is there, whole. */
export const replaceFile = async (dir: string, name: string, content: string, mode: number): Promise<void> => {
  const next = join(dir, `${name}.next`);
  const file = await open(next, 'w', mode);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(next, join(dir, name));
  await syncDirectory(dir);
};
