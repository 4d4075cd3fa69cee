// The one file that knows the driver. Of the driver it takes the connection (addresses, TLS, discovery, following the
// leader) and the generated messages, and makes the calls itself, since the driver's own calls
// - of batched appends keep all pending ones of a process in one map: an error of one connection rejects those of
//   all, and an answer that comes after that is thrown as an uncaught exception; they have no deadline either;
// - read $all without a server-side filter only;
// - parse and print the JSON of every event, which is neither free nor always the same text.
import { EventStoreDBClient } from '@eventstore/db-client';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streamsService from '@eventstore/db-client/generated/streams_grpc_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { messageOf, ProofmarkError } from '#domain/errors.js';
import type { NewEvent, RecordedEvent } from './event-store.js';

/** The connection or the server was lost: what was under way may have happened or not, and can be repeated. */
export class ServerLost extends Error {}

/**
 * A place in $all. Two numbers, of which the second tells whether an event that begins at the first is still to come:
 * of an event both are the same, of a checkpoint they are not.
 */
export interface ServerPosition {
  readonly commit: number;
  readonly prepare: number;
}

/** What to read. */
export type ServerQuery =
  | { readonly stream: string; readonly from: number; readonly limit: number }
  | {
      /** A read begins at this position, `live` after it. */
      readonly all: ServerPosition | 'start' | 'end';
      /** `live` goes on with what is appended. */
      readonly limit: number | 'live';
      readonly backwards?: boolean;
      readonly categories?: readonly string[] | undefined;
    };

export interface ReadHandler {
  /** An event, in order; undefined where it is not one of ours. */
  event(event: RecordedEvent | undefined, position: number): void;
  /** A live read has begun or caught up, or it has considered everything up to a position, which is the one to go on from. */
  reached(position?: ServerPosition): void;
  /** The last call: all was read, or why not (ServerLost or a ProofmarkError). Not after `cancel`. */
  ended(error?: Error): void;
}

export interface ServerRead {
  pause(): void;
  resume(): void;
  cancel(): void;
}

/** An append as it is sent; `expected` is a revision, -1 for a stream that must not exist. */
export interface ServerAppend {
  readonly stream: string;
  readonly expected: number;
  readonly events: readonly NewEvent[];
}

export type ServerAnswer =
  /** `position` is that of the last event where the server names it. */
  | { readonly kind: 'written'; readonly revision: number; readonly position: number | undefined }
  | { readonly kind: 'wrong-revision'; readonly actual: number }
  /** The server does not know, or is busy. */
  | { readonly kind: 'unsure'; readonly error: ServerLost }
  | { readonly kind: 'refused'; readonly error: ProofmarkError };

export interface AppendHandler {
  answered(ticket: number, answer: ServerAnswer): void;
  /** The last call; whatever is unanswered is unknown. Not after `cancel`. */
  ended(error: Error): void;
  /** More may be sent, after `send` has said no. */
  drained(): void;
}

export interface AppendChannel {
  /** Appends in the order in which they are sent; false where what follows should wait until `drained`. */
  send(ticket: number, append: ServerAppend): boolean;
  cancel(): void;
}

/** A connection to EventStoreDB; it connects by itself with each call. */
export interface Server {
  read(query: ServerQuery, handler: ReadHandler): ServerRead;
  appends(handler: AppendHandler): AppendChannel;
  close(): Promise<void>;
}

type ReadRequest = InstanceType<typeof streams.ReadReq>;
type Response = InstanceType<typeof streams.ReadResp>;
type Recorded = InstanceType<typeof streams.ReadResp.ReadEvent.RecordedEvent>;

const OPTIONS = [
  'connectionName', 'defaultDeadline', 'discoveryInterval', 'gossipTimeout', 'keepAliveInterval', 'keepAliveTimeout',
  'maxDiscoverAttempts', 'nodePreference', 'throwOnAppendFailure', 'tls', 'tlsCAFile', 'tlsVerifyCert', 'userCertFile', 'userKeyFile',
];
const flat = (name: string): string => name.trim().toLowerCase().replace(/[_-]/g, '');

/** The driver prints a string that it does not understand, with the password in it: so it gets none. */
const clientOf = (uri: string): EventStoreDBClient => {
  const unknown = [...(uri.split('?')[1] ?? '').split('&')].map((pair) => pair.split('=')[0] ?? '').find((name) => name !== '' && !OPTIONS.some((known) => flat(known) === flat(name)));
  if (unknown !== undefined) throw new ProofmarkError('USAGE', `The address of EventStoreDB has an unknown option "${unknown}". Known are: ${OPTIONS.join(', ')}.`);
  try {
    return EventStoreDBClient.connectionString(uri);
  } catch (thrown) {
    const file = /file/.test(messageOf(thrown)) ? ` ${messageOf(thrown)}` : '';
    throw new ProofmarkError('USAGE', `The address of EventStoreDB is not one.${file} It looks like esdb://user:password@host:2113?tls=true, or esdb+discover://… for a cluster.`);
  }
};

/** The hosts of a connection string, without its credentials. */
const hostsOf = (uri: string): string => uri.replace(/^[^:]+:\/\//, '').replace(/^.*@/, '').replace(/[/?].*$/, '');

const SEARCH_WINDOW = 2_000;
const MESSAGE_BYTES = 1024 * 1024;
const TICKS_PER_MS = 10_000n;
// Server-side regular expressions are .NET's.
const NOT_SYSTEM = '^[^$]';

const numberOf = (text: string): number => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new ProofmarkError('STORE_UNSUPPORTED', `EventStoreDB gave the position ${text}, which is beyond 2^53. Such a log cannot be followed.`);
  return value;
};
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();

const schemaOf = (metadata: Uint8Array): number | undefined => {
  if (metadata.length === 0) return undefined;
  const text = textOf(metadata);
  const plain = /^\{"schema":(\d+)\}$/.exec(text);
  if (plain) return Number(plain[1]);
  try {
    const { schema } = JSON.parse(text) as { readonly schema?: unknown };
    return typeof schema === 'number' ? schema : undefined;
  } catch {
    return undefined; // somebody else's event
  }
};

const recordedOf = (event: Recorded, position: number): RecordedEvent | undefined => {
  const metadata = event.getMetadataMap();
  const type = metadata.get('type') ?? '';
  const schema = schemaOf(event.getCustomMetadata_asU8());
  if (schema === undefined || type.startsWith('$')) return undefined;
  return {
    id: event.getId()?.getString() ?? '',
    type,
    schema,
    json: textOf(event.getData_asU8()),
    stream: textOf(event.getStreamIdentifier()?.getStreamName_asU8() ?? new Uint8Array()),
    revision: numberOf(event.getStreamRevision()),
    position,
    recordedAt: Number(BigInt(metadata.get('created') ?? 0) / TICKS_PER_MS),
  };
};

const identifierOf = (stream: string): InstanceType<typeof shared.StreamIdentifier> => new shared.StreamIdentifier().setStreamName(Buffer.from(stream));

const requestOf = (query: ServerQuery): ReadRequest => {
  const options = new streams.ReadReq.Options().setUuidOption(new streams.ReadReq.Options.UUIDOption().setString(new shared.Empty()));
  if (query.limit === 'live') options.setSubscription(new streams.ReadReq.Options.SubscriptionOptions());
  else options.setCount(String(Math.min(query.limit, Number.MAX_SAFE_INTEGER)));
  if ('stream' in query) {
    options.setNoFilter(new shared.Empty());
    options.setStream(new streams.ReadReq.Options.StreamOptions().setStreamIdentifier(identifierOf(query.stream)).setRevision(String(query.from)));
    return new streams.ReadReq().setOptions(options);
  }
  const all = new streams.ReadReq.Options.AllOptions();
  if (query.all === 'end') all.setEnd(new shared.Empty());
  else if (query.all === 'start') all.setStart(new shared.Empty());
  else all.setPosition(new streams.ReadReq.Options.Position().setCommitPosition(String(query.all.commit)).setPreparePosition(String(query.all.prepare)));
  const expression = new streams.ReadReq.Options.FilterOptions.Expression();
  const filter = new streams.ReadReq.Options.FilterOptions().setMax(SEARCH_WINDOW).setCheckpointintervalmultiplier(1);
  if (query.categories) filter.setStreamIdentifier(expression.setPrefixList(query.categories.map((category) => `${category}-`)));
  else filter.setEventType(expression.setRegex(NOT_SYSTEM));
  options.setAll(all).setFilter(filter);
  options.setReadDirection(query.backwards ? streams.ReadReq.Options.ReadDirection.BACKWARDS : streams.ReadReq.Options.ReadDirection.FORWARDS);
  return new streams.ReadReq().setOptions(options);
};

const proposedOf = ({ id, type, schema, json }: NewEvent): InstanceType<typeof streams.BatchAppendReq.ProposedMessage> => {
  const message = new streams.BatchAppendReq.ProposedMessage()
    .setId(new shared.UUID().setString(id))
    .setData(Buffer.from(json))
    .setCustomMetadata(Buffer.from(`{"schema":${schema}}`));
  message.getMetadataMap().set('type', type).set('content-type', 'application/json');
  return message;
};

// Tickets as UUIDs; an answer gives them back as text or, when the server itself gave up, as two numbers.
const ticketUuid = (ticket: number): string => `00000000-0000-4000-8000-${ticket.toString(16).padStart(12, '0')}`;
const ticketOf = (uuid: InstanceType<typeof shared.UUID> | undefined): number =>
  uuid?.hasStructured()
    ? Number(BigInt.asUintN(48, BigInt(uuid.getStructured()?.getLeastSignificantBits() ?? 0)))
    : Number.parseInt(uuid?.getString().slice(-12) ?? '', 16);

/** gRPC status codes by which a call was refused for good. */
const INVALID_ARGUMENT = 3;
const REFUSALS: Readonly<Record<number, string>> = {
  7: 'Allow the user to read $all and to write streams.',
  9: 'A stream that was deleted on the server cannot be used again: restore the database from a backup.',
  16: 'Correct the user and password in its address.',
};
const UNIMPLEMENTED = 12;

interface Failure {
  readonly code?: unknown;
  readonly details?: unknown;
  readonly message?: unknown;
}

const errorOf = (thrown: unknown, hosts: string): Error => {
  if (thrown instanceof ProofmarkError) return thrown;
  const { code, details, message } = thrown as Failure;
  const what = typeof details === 'string' && details !== '' ? details : String(message);
  const remedy = typeof code === 'number' ? REFUSALS[code] : undefined;
  if (remedy !== undefined) return new ProofmarkError('STORE_FAILED', `EventStoreDB at ${hosts} refuses: ${what}. ${remedy}`);
  if (code === INVALID_ARGUMENT) return new ProofmarkError('USAGE', `EventStoreDB at ${hosts} refuses: ${what}.`);
  if (code === UNIMPLEMENTED) return new ProofmarkError('STORE_UNSUPPORTED', `What answers at ${hosts} is not EventStoreDB 21.10 or newer (${what}).`);
  return new ServerLost(`EventStoreDB at ${hosts} cannot be reached (${what}). Start it, or correct its address; this goes on by itself once it answers.`);
};

const answerOf = (response: InstanceType<typeof streams.BatchAppendResp>, hosts: string): ServerAnswer => {
  const success = response.getSuccess();
  if (success) {
    const position = success.getPosition()?.getCommitPosition();
    return { kind: 'written', revision: numberOf(success.getCurrentRevision()), position: position === undefined ? undefined : numberOf(position) };
  }
  const status = response.getError();
  const details = status?.getDetails();
  const name = details?.getTypeName().replace('event_store.client.', '');
  if (details && name === 'WrongExpectedVersion') {
    const wrong = shared.WrongExpectedVersion.deserializeBinary(details.getValue_asU8());
    return { kind: 'wrong-revision', actual: wrong.hasCurrentStreamRevision() ? numberOf(wrong.getCurrentStreamRevision()) : -1 };
  }
  if (details && name === 'MaximumAppendSizeExceeded') {
    const most = shared.MaximumAppendSizeExceeded.deserializeBinary(details.getValue_asU8()).getMaxappendsize();
    return { kind: 'refused', error: new ProofmarkError('USAGE', `The append is larger than EventStoreDB takes (${most} bytes). Append fewer events at once, or raise its MaxAppendSize.`) };
  }
  // google.rpc.Code has the numbers of gRPC, but for a deleted stream it is "not found".
  const code = name === 'StreamDeleted' ? 9 : status?.getCode();
  const error = errorOf({ code, details: status?.getMessage() }, hosts);
  return error instanceof ProofmarkError ? { kind: 'refused', error } : { kind: 'unsure', error };
};

function* requestsOf(ticket: number, { stream, expected, events }: ServerAppend): Generator<InstanceType<typeof streams.BatchAppendReq>> {
  const options = new streams.BatchAppendReq.Options().setStreamIdentifier(identifierOf(stream));
  if (expected < 0) options.setNoStream(new shared.Empty());
  else options.setStreamPosition(String(expected));
  // No deadline: the server would hold it against its own clock. It has a limit of its own.
  let request = new streams.BatchAppendReq().setCorrelationId(new shared.UUID().setString(ticketUuid(ticket))).setOptions(options);
  let size = 0;
  for (const event of events) {
    if (size > 0 && size + event.json.length > MESSAGE_BYTES) {
      yield request;
      request = new streams.BatchAppendReq().setCorrelationId(new shared.UUID().setString(ticketUuid(ticket)));
      size = 0;
    }
    size += event.json.length;
    request.addProposedMessages(proposedOf(event));
  }
  yield request.setIsFinal(true);
}

/** The place of the event at a position of ours; 0 is before all of them. */
export const placeOf = (position: number): ServerPosition | 'start' => (position <= 0 ? 'start' : { commit: position, prepare: position });

/** Prepares a connection. @throws ProofmarkError USAGE for an address that is none. */
export const connectServer = (uri: string): Server => {
  const client = clientOf(uri);
  const hosts = hostsOf(uri);
  const forever = { deadline: Infinity };

  /** Opens a stream of the driver's connection; the result can be cancelled before it is there. */
  const opened = <Stream extends { cancel(): void }>(open: () => Promise<Stream>, ready: (stream: Stream) => void, failed: (error: Error) => void) => {
    let stream: Stream | undefined;
    let cancelled = false;
    open().then(
      (made) => {
        if (cancelled) return made.cancel();
        stream = made;
        ready(made);
      },
      (thrown: unknown) => {
        if (!cancelled) failed(errorOf(thrown, hosts));
      },
    );
    return {
      get: () => stream,
      over: () => cancelled,
      cancel: () => {
        cancelled = true;
        stream?.cancel();
      },
    };
  };

  return {
    read: (query, handler) => {
      const end = (error?: Error): void => {
        if (call.over()) return;
        call.cancel();
        handler.ended(error);
      };
      let paused = false;
      const receive = (response: Response): void => {
        if (call.over()) return;
        const event = response.getEvent()?.getEvent();
        if (event) {
          const position = numberOf(response.getEvent()?.getCommitPosition() ?? '0');
          handler.event(recordedOf(event, position), position);
          return;
        }
        const checkpoint = response.getCheckpoint();
        if (checkpoint) handler.reached({ commit: numberOf(checkpoint.getCommitPosition()), prepare: numberOf(checkpoint.getPreparePosition()) });
        else if (response.hasConfirmation() || response.hasCaughtUp()) handler.reached();
      };
      const call = opened(
        client['GRPCStreamCreator'](streamsService.StreamsClient, 'read', (grpc) => grpc.read(requestOf(query), ...client['callArguments']({}, forever))),
        (stream) => {
          // Before the listener for data, which would start it.
          if (paused) stream.pause();
          stream.on('error', (error) => end(errorOf(error, hosts)));
          stream.on('end', () => end());
          stream.on('data', (response: Response) => {
            try {
              receive(response);
            } catch (thrown) {
              end(thrown instanceof Error ? thrown : new Error(String(thrown)));
            }
          });
        },
        end,
      );
      return {
        pause: () => {
          paused = true;
          call.get()?.pause();
        },
        resume: () => {
          paused = false;
          call.get()?.resume();
        },
        cancel: call.cancel,
      };
    },
    appends: (handler) => {
      const early: (() => void)[] = [];
      const end = (error: Error): void => {
        if (call.over()) return;
        call.cancel();
        handler.ended(error);
      };
      const write = (ticket: number, append: ServerAppend): boolean => {
        let more = true;
        for (const request of requestsOf(ticket, append)) more = call.get()?.write(request) ?? false;
        return more;
      };
      const call = opened(
        client['GRPCStreamCreator'](streamsService.StreamsClient, 'append', (grpc) => grpc.batchAppend(...client['callArguments']({}, forever))),
        (stream) => {
          stream.on('error', (error) => end(errorOf(error, hosts)));
          stream.on('end', () => end(errorOf({ details: 'it ended the connection' }, hosts)));
          stream.on('drain', () => handler.drained());
          stream.on('data', (response: InstanceType<typeof streams.BatchAppendResp>) => {
            if (call.over()) return;
            try {
              handler.answered(ticketOf(response.getCorrelationId()), answerOf(response, hosts));
            } catch (thrown) {
              end(thrown instanceof Error ? thrown : new Error(String(thrown)));
            }
          });
          for (const send of early.splice(0)) send();
          handler.drained();
        },
        end,
      );
      return {
        send: (ticket, append) => {
          if (call.get()) return write(ticket, append);
          early.push(() => write(ticket, append));
          return false;
        },
        cancel: call.cancel,
      };
    },
    close: async () => {
      await client.dispose();
      const channel = await client['getChannel']().catch(() => undefined); // a cluster that was never found
      channel?.close();
    },
  };
};
