// A thread that uses the store of the thread that started it: appends two events and says what a subscription shows.
import { parentPort, workerData } from 'node:worker_threads';
import { hashUuid } from '#domain/ids.js';
import { attachEmbedded, type EmbeddedHandle } from '#event-store/embedded.js';

const store = await attachEmbedded(workerData as EmbeddedHandle);
const end = new AbortController();
const seen: string[] = [];
const append = (name: string) =>
  store.append([{ stream: 'learner-t.peer', expected: 'any', events: [{ id: hashUuid(name), type: 'Enrolled', schema: 1, json: '{}' }] }]);
await append('one');
await append('two');
parentPort?.postMessage('appended');
for await (const batch of store.subscribe({ after: 0, signal: end.signal })) {
  for (const { stream, revision } of batch) seen.push(`${stream}@${revision}`);
  if (seen.includes('learner-t.owner@0')) end.abort();
}
await store.close();
parentPort?.postMessage(seen);
