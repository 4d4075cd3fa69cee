import { Worker } from 'node:worker_threads';
import type { Certificate } from '#credentials/certificate/certificate.js';
import type { CertificateFiles, FromRender, ToRender } from './render-protocol.js';

/** Threads that draw certificates. */
export interface Renderers {
  /** Draws in the thread that has least to do. */
  render(certificate: Certificate): Promise<CertificateFiles>;
  close(): Promise<void>;
}

interface Waiting {
  readonly resolve: (files: CertificateFiles) => void;
  readonly reject: (error: Error) => void;
}

const startThread = () => {
  const worker = new Worker(new URL('./render-thread.js', import.meta.url));
  const waiting = new Map<number, Waiting>();
  let last = 0;
  let ended: Error | undefined;
  const end = (error: Error): void => {
    ended ??= error;
    for (const { reject } of waiting.values()) reject(ended);
    waiting.clear();
  };
  worker.on('message', (answer: FromRender) => {
    const call = waiting.get(answer.call);
    waiting.delete(answer.call);
    if (answer.ok) call?.resolve({ pdf: answer.pdf, png: answer.png });
    else call?.reject(new Error(answer.message));
  });
  worker.on('error', end);
  worker.once('exit', () => end(new Error('A thread that draws certificates has ended.')));
  return {
    get load(): number {
      return waiting.size;
    },
    render: (certificate: Certificate): Promise<CertificateFiles> =>
      new Promise((resolve, reject) => {
        if (ended) return reject(ended);
        last += 1;
        waiting.set(last, { resolve, reject });
        worker.postMessage({ call: last, certificate } satisfies ToRender);
      }),
    close: async (): Promise<void> => void (await worker.terminate()),
  };
};

/** Starts so many threads that draw certificates. */
export const startRenderers = (count: number): Renderers => {
  const threads = Array.from({ length: count }, startThread);
  return {
    render: (certificate) => threads.reduce((least, one) => (one.load < least.load ? one : least)).render(certificate),
    close: async () => {
      await Promise.all(threads.map((thread) => thread.close()));
    },
  };
};
