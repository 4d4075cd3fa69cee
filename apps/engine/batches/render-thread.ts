import { parentPort } from 'node:worker_threads';
import { renderCertificate } from '#credentials/certificate/render-certificate.js';
import { messageOf } from '#domain/errors.js';
import type { FromRender, ToRender } from './render-protocol.js';

/* A thread that draws certificates, one after another. */

const port = parentPort;
if (!port) throw new Error('render-thread runs as a worker thread');

const answer = async ({ call, certificate }: ToRender): Promise<FromRender> => {
  try {
    return { call, ok: true, pdf: await renderCertificate(certificate, 'pdf'), png: await renderCertificate(certificate, 'png') };
  } catch (error) {
    return { call, ok: false, message: messageOf(error) };
  }
};

let last: Promise<void> = Promise.resolve();
port.on('message', (asked: ToRender) => {
  last = last.then(async () => port.postMessage(await answer(asked)));
});
