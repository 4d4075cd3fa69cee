import { createHash } from 'node:crypto';
import type { CsvSource } from '#credentials/batch/csv-text.js';
import { contentHash } from '#domain/ids.js';
import type { Batch } from './batch.js';

/** Names what a preview of a batch has shown: this file, what its columns say, and the version of the badge's rule. */
export const confirmationOf = async (id: string, source: CsvSource, { mapping, badge: { live: { reference } } }: Batch): Promise<string> => {
  const file = createHash('sha256');
  for await (const bytes of source.open()) file.update(bytes);
  return contentHash([id, file.digest('hex'), mapping, reference.badge, reference.version, reference.hash]).slice(0, 32);
};
