import { adminEnvironment } from '#engine/http/admin-under-test.js';
import { openEmbeddedReader } from '#event-store/embedded.js';
import { startChild, type Child } from './child.js';
import type { AuditedLog } from './audit-log.js';

/** The real engine as a process of its own. */
export interface EngineProcess {
  readonly url: string;
  /** Ends it without a warning (SIGKILL) and waits until it is gone. */
  readonly kill: () => Promise<void>;
  /** Ends it as an operator does (SIGTERM) and waits until it is gone. */
  readonly stop: () => Promise<void>;
}

/** Starts the engine; it serves, and its rules are published. */
export const startEngine = async (dataDir: string, rulesDir: string): Promise<EngineProcess> => {
  const child: Child = startChild('../../apps/engine/main.js', ['--port', '0', '--data', dataDir, '--rules', rulesDir], [], adminEnvironment(rulesDir));
  const end = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
    child.process.kill(signal);
    await child.ended;
  };
  const kill = (): Promise<void> => end('SIGKILL');
  await child.until((line) => line.includes(' is at http'));
  const url = child.lines.map((line) => / is at (http\S+)/.exec(line)?.[1]).find((found) => found !== undefined);
  if (url === undefined) {
    await kill();
    throw new Error(`the engine did not start: ${child.lines.join('\n')}`);
  }
  return { url, kill, stop: () => end('SIGTERM') };
};

/** Waits until an event of this type stands in the log after a position, as another process sees it; returns where. */
export const appears = async (dataDir: string, type: string, after: number): Promise<number> => {
  const store = await openEmbeddedReader(dataDir);
  const end = new AbortController();
  let position = 0;
  for await (const batch of store.subscribe({ after, signal: end.signal })) {
    position = batch.find((event) => event.type === type)?.position ?? 0;
    if (position > 0) end.abort();
  }
  await store.close();
  return position;
};

/** The position of the last event in the log. */
export const headOf = async (dataDir: string): Promise<number> => {
  const store = await openEmbeddedReader(dataDir);
  const head = await store.head();
  await store.close();
  return head;
};

/** Audits the log in a process of its own. */
export const auditLog = async (dataDir: string): Promise<AuditedLog> => {
  const child = startChild('./audit-log.js', [dataDir]);
  if ((await child.ended) !== 0) throw new Error(`the audit failed: ${child.lines.join('\n')}`);
  return JSON.parse(child.lines.at(-1) ?? '') as AuditedLog;
};
