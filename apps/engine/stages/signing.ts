import { Issuing, type IssuingOptions, type IssuingStatus } from '#credentials/issuing/issuing.js';
import type { Marks } from './marks.js';
import type { Running } from './running.js';

/** Where issuing notes how far it has come. */
export const ISSUING = 'issuing';

/** With what credentials are issued. */
export interface SigningOptions extends Pick<IssuingOptions, 'store' | 'keys' | 'base' | 'now' | 'random'> {
  readonly marks: Marks;
  readonly onProgress: (status: IssuingStatus) => void;
}

/** Credentials, being issued. */
export interface Signing extends Running {
  readonly issuers: Issuing['issuers'];
  /** Begins, unless it has: once profiles are published, so that no credential calls its issuer by an id. */
  begin(): void;
}

/** Makes ready to bring the credentials of all awards in line with them. */
export const startSigning = ({ marks, onProgress, ...options }: SigningOptions): Signing => {
  const stop = new AbortController();
  const issuing = new Issuing({
    ...options,
    checkpoint: { load: () => marks.least([ISSUING]), save: (position) => marks.move([ISSUING], position) },
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
