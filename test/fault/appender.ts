// A process that appends and says on its standard output what was acknowledged: "ack <i>" for event i of the stream
// learner-fault.<run>, "error <code>" for a refused append. It goes on after errors, so that a test sees whether anything
// is acknowledged after one.
// Usage: node appender.js <dir> <run> [events to append] [max bytes, 0 for any] [checkpoint bytes]
import { writeSync } from 'node:fs';
import { ProofmarkError } from '#domain/errors.js';
import { hashUuid } from '#domain/ids.js';
import { openEmbedded } from '#event-store/embedded.js';

const [dir = '', run = '', total = 'Infinity', maxBytes = '0', checkpointBytes = '0'] = process.argv.slice(2);
const say = (line: string): void => void writeSync(1, `${line}\n`);
const codeOf = (thrown: unknown): string => (thrown instanceof ProofmarkError ? thrown.code : String(thrown));

try {
  const store = await openEmbedded({
    dir,
    ...(maxBytes !== '0' && { maxBytes: Number(maxBytes) }),
    ...(checkpointBytes !== '0' && { checkpointBytes: Number(checkpointBytes) }),
  });
  say('open');
  let errors = 0;
  for (let i = 0; i < Number(total) && errors < 5; i++) {
    try {
      const event = { id: hashUuid(run, `${i}`), type: 'AttendanceMarked', schema: 1, json: JSON.stringify({ i, filler: 'x'.repeat(300) }) };
      await store.append([{ stream: `learner-fault.${run}`, expected: 'any', events: [event] }]);
      say(`ack ${i}`);
    } catch (thrown) {
      errors++;
      process.exitCode = 1;
      say(`error ${codeOf(thrown)}`);
    }
  }
  if (errors > 0 && !store.health().writable) say('unhealthy');
  if (errors === 0) say('done');
  await store.close();
} catch (thrown) {
  process.exitCode = 1;
  say(`error ${codeOf(thrown)}`);
}
