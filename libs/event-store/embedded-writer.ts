// The writer thread of the embedded event store: it alone writes, and commits everything that is queued at once, so
// that one sync serves all callers that wait for one.
import { type MessagePort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { messageOf, ProofmarkError } from '#domain/errors.js';
import { type LogWriter, openLogWriter } from './log-writer.js';
import { type DirectoryLock, lockDirectory } from './sqlite.js';
import type { FromWriter, Problem, ToWriter, WriterData } from './writer-protocol.js';

// Bounds the time that a group takes, hence the wait of whoever comes next.
const GROUP_EVENTS = 16_000;

type AppendMessage = Extract<ToWriter, { op: 'append' }>;
interface Queued {
  readonly port: MessagePort;
  readonly message: AppendMessage;
}

const { options, port: ownerPort } = workerData as WriterData;
const ports = new Set<MessagePort>();
let problem: Problem | undefined;

const send = (port: MessagePort, message: FromWriter): void => port.postMessage(message);

const toProblem = (thrown: unknown): Problem =>
  thrown instanceof ProofmarkError
    ? { code: thrown.code, message: thrown.message }
    : { code: 'STORE_FAILED', message: `The event store's writer failed (${messageOf(thrown)}). Restart it.` };

const setProblem = (next: Problem | undefined): void => {
  if (next?.code === problem?.code) return;
  problem = next;
  for (const port of ports) send(port, { op: 'health', problem });
};

const reject = (group: readonly Queued[], why: Problem): void => {
  for (const { port, message } of group) send(port, { op: 'rejected', call: message.call, ...why });
};

const commit = (writer: LogWriter, group: readonly Queued[]): void => {
  if (group.length === 0) return;
  // After a failed write or sync nobody knows what the disk holds; only opening the store again finds out.
  if (problem && problem.code !== 'STORE_FULL') return reject(group, problem);
  try {
    const before = writer.head();
    const results = writer.append(group.map(({ message }) => message.columns));
    const head = writer.head();
    setProblem(undefined);
    for (const [i, { port, message }] of group.entries()) {
      const result = results[i];
      if (!result || result instanceof ProofmarkError) reject([{ port, message }], toProblem(result));
      else send(port, { op: 'appended', call: message.call, head, results: result });
    }
    if (head > before) {
      const answered = new Set(group.map(({ port }) => port));
      for (const port of ports) if (!answered.has(port)) send(port, { op: 'head', head });
    }
  } catch (thrown) {
    setProblem(toProblem(thrown));
    return reject(group, toProblem(thrown));
  }
  try {
    writer.checkpoint();
  } catch (thrown) {
    // The appends above are durable in the write-ahead log and stay acknowledged; what comes next is in doubt.
    setProblem(toProblem(thrown));
  }
};

const serve = (writer: LogWriter, lock: DirectoryLock): void => {
  const attach = (port: MessagePort): void => {
    ports.add(port);
    port.on('message', (message: ToWriter) => receive(port, message));
    port.on('close', () => ports.delete(port));
    send(port, { op: 'welcome', head: writer.head(), problem });
  };

  const end = (): void => {
    let last: Problem = { code: 'STORE_CLOSED', message: 'The event store is closed.' };
    try {
      writer.close(problem === undefined);
    } catch (thrown) {
      // What was acknowledged stands in the write-ahead log; the next start copies it.
      last = toProblem(thrown);
    }
    lock.release();
    for (const port of ports) {
      send(port, { op: 'ended', ...last });
      port.close();
    }
  };

  const receive = (from: MessagePort, first: ToWriter): void => {
    let group: Queued[] = [];
    let events = 0;
    let ending = false;
    const take = (port: MessagePort, message: ToWriter): void => {
      if (message.op === 'append') {
        group.push({ port, message });
        events += message.columns.ends.length;
      } else if (message.op === 'attach') attach(message.port);
      // Whoever decides what to append has to read first; on a damaged log that would be guesswork.
      else if (message.op === 'damaged') setProblem({ code: 'STORE_CORRUPT', message: message.message });
      else ending = true;
    };
    take(from, first);
    do {
      for (const port of [...ports]) {
        let next: { message: unknown } | undefined;
        while (events < GROUP_EVENTS && (next = receiveMessageOnPort(port))) take(port, next.message as ToWriter);
      }
      commit(writer, group);
      // Messages beyond the bound wake us again, except where this is the last time.
      if (!ending || events < GROUP_EVENTS) break;
      group = [];
      events = 0;
    } while (ending);
    if (ending) end();
  };

  problem = writer.problem && toProblem(writer.problem);
  attach(ownerPort);
};

try {
  const lock = lockDirectory(options.dir, 'events');
  try {
    serve(openLogWriter({ ...options, now: Date.now }), lock);
  } catch (thrown) {
    lock.release();
    throw thrown;
  }
} catch (thrown) {
  send(ownerPort, { op: 'ended', ...toProblem(thrown) });
  ownerPort.close();
}
