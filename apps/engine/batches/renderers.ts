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

/** Starts a thread that draws. */
export const startRenderThread = (): Worker => new Worker(new URL('./render-thread.js', import.meta.url));

const follow = (worker: Worker) => {
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
    get hasEnded(): boolean {
      return ended !== undefined;
    },
    get load(): number {
      return waiting.size;
    },
    render: (certificate: Certificate): Promise<CertificateFiles> =>
      new Promise((resolve, reject) => {
        if (ended) return reject(ended);
        last += 1;
        worker.postMessage({ call: last, certificate } satisfies ToRender);
        waiting.set(last, { resolve, reject });
      }),
    close: async (): Promise<void> => void (await worker.terminate()),
  };
};

/** Starts so many threads that draw certificates. One that has ended takes what it was drawing with it, and another one takes its place. */
export const startRenderers = (count: number, start: () => Worker = startRenderThread): Renderers => {
  let threads = Array.from({ length: count }, () => follow(start()));
  let closing = false;
  return {
    render: (certificate) => {
      if (!closing) threads = threads.map((one) => (one.hasEnded ? follow(start()) : one));
      return threads.reduce((least, one) => (one.load < least.load ? one : least)).render(certificate);
    },
    close: async () => {
      closing = true;
      await Promise.all(threads.map((thread) => thread.close()));
    },
  };
};
