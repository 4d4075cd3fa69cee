import { ProofmarkError } from '#domain/errors.js';
import type { EngineConfig } from '#engine/config.js';
import { verifyLog } from '#event-store/verify.js';
import { requireData } from './data-directory.js';
import { EXIT } from './exit-codes.js';
import { bar, progressLine } from './progress-line.js';

const number = (value: number): string => value.toLocaleString('en');

/** Reads the whole event log, prints what is wrong with it, and writes nothing. */
export const verifyEventLog = (config: EngineConfig, json: boolean): number => {
  if (config.eventStoreUri !== undefined) {
    throw new ProofmarkError('USAGE', 'The log is on EventStoreDB (PROOFMARK_EVENTSTORE_URI), which checks its own files; this command reads the file of an embedded log.');
  }
  requireData(config);
  const line = progressLine();
  const { events, streams, problems } = verifyLog(config.dataDir, ({ done, total }) => {
    if (json) process.stderr.write(`${JSON.stringify({ progress: { done, total } })}\n`);
    else line.update(`event log ${bar(done / total)} ${number(done)} of ${number(total)} events`);
  });
  line.end();
  const intact = problems.length === 0;
  if (json) console.log(JSON.stringify({ intact, events, streams, problems }, null, 2));
  else if (intact) console.log(`The log is intact: ${number(events)} events in ${number(streams)} streams, each with its checksum and in its place.`);
  else {
    for (const problem of problems) console.log(problem);
    console.log(`The log is damaged; ${number(events)} events were read before that was found. Keep the directory as it is, and restore a backup beside it.`);
  }
  return intact ? EXIT.ok : EXIT.failed;
};
