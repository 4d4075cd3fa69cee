import { Issuing, type IssuingOptions, type IssuingStatus } from '#credentials/issuing/issuing.js';
import type { Collection, ReadModelReader, Write } from '#projections/read-model.js';
import type { RegisteredCheckpoint, Checkpoints } from './checkpoints.js';
import type { Running } from './running.js';

/** Where issuing notes how far it has come, and what could not be signed. */
export const ISSUING = 'issuing';
const UNSIGNED: Collection = { name: 'unsigned_award', columns: { award: 'text', reason: 'text' }, key: ['award'] };
export const ISSUING_CHECKPOINT: RegisteredCheckpoint = { name: ISSUING, version: 2, collections: [UNSIGNED] };

/** With what credentials are issued. */
export interface SigningOptions extends Pick<IssuingOptions, 'store' | 'keys' | 'base' | 'now' | 'random'> {
  readonly checkpoints: Checkpoints;
  readonly readModels: ReadModelReader;
  readonly onProgress: (status: IssuingStatus) => void;
}

/** Credentials, being issued. */
export interface Signing extends Running {
  readonly issuers: Issuing['issuers'];
  /** Begins, unless it has: once profiles are published, so that no credential calls its issuer by an id. */
  begin(): void;
}

/** Makes ready to bring the credentials of all awards in line with them. */
export const startSigning = ({ checkpoints, readModels, onProgress, ...options }: SigningOptions): Signing => {
  const stop = new AbortController();
  const issuing = new Issuing({
    ...options,
    checkpoint: {
      load: () => checkpoints.least([ISSUING]),
      loadUnsigned: async () => (await readModels.find(UNSIGNED.name, {})).map(({ award, reason }) => ({ award: award as string, reason: reason as string })),
      save: (position, unsigned) =>
        checkpoints.moveWith(ISSUING, position, [...unsigned].map(([award, reason]): Write =>
          reason === undefined ? { op: 'remove', collection: UNSIGNED.name, key: { award } } : { op: 'put', collection: UNSIGNED.name, row: { award, reason } })),
    },
    signal: stop.signal,
    onProgress,
  });
  let run: Promise<void> | undefined;
  return {
    issuers: issuing.issuers,
    begin: () => void (run ??= issuing.run()),
    stop: async () => {
      stop.abort();
      await run;
    },
  };
};
