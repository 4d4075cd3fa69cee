import type { MessagePort } from 'node:worker_threads';
import type { ErrorCode } from '#domain/errors.js';
import type { AppendColumns, ResultColumns } from './append-message.js';
import type { LogWriterOptions } from './log-writer.js';

/** What the writer thread is started with. */
export interface WriterData {
  readonly options: Omit<LogWriterOptions, 'now'>;
  /** The owner's port. */
  readonly port: MessagePort;
}

/** From a client to the writer. */
export type ToWriter =
  | { readonly op: 'append'; readonly call: number; readonly columns: AppendColumns }
  | { readonly op: 'attach'; readonly port: MessagePort }
  /** A client has read something that is damaged. */
  | { readonly op: 'damaged'; readonly message: string }
  /** Only the owner sends it: commit what is queued, then end. */
  | { readonly op: 'shutdown' };

/** From the writer to a client. */
export type FromWriter =
  /** The first message on every port. */
  | { readonly op: 'welcome'; readonly head: number; readonly problem: Problem | undefined }
  | { readonly op: 'appended'; readonly call: number; readonly head: number; readonly results: ResultColumns }
  | { readonly op: 'rejected'; readonly call: number; readonly code: ErrorCode; readonly message: string }
  /** Another client's appends became durable. */
  | { readonly op: 'head'; readonly head: number }
  /** The store lost or regained the ability to write. */
  | { readonly op: 'health'; readonly problem: Problem | undefined }
  /** The last message on every port. */
  | { readonly op: 'ended'; readonly code: ErrorCode; readonly message: string };

/** Why the store cannot write. */
export interface Problem {
  readonly code: ErrorCode;
  readonly message: string;
}
