import { setTimeout as sleep } from 'node:timers/promises';
import type grpc from '@grpc/grpc-js';
import anyPb from 'google-protobuf/google/protobuf/any_pb.js';
import emptyPb from 'google-protobuf/google/protobuf/empty_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import statusPb from '@eventstore/db-client/generated/status_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { ANY, NO_STREAM, type Proposed, STREAM_EXISTS, type Write, type Written } from './log.js';

type BatchCall = grpc.ServerDuplexStream<InstanceType<typeof streams.BatchAppendReq>, InstanceType<typeof streams.BatchAppendResp>>;
type AppendCall = grpc.ServerReadableStream<InstanceType<typeof streams.AppendReq>, InstanceType<typeof streams.AppendResp>>;
type ProposedMessage = InstanceType<typeof streams.BatchAppendReq.ProposedMessage> | InstanceType<typeof streams.AppendReq.ProposedMessage>;

/** Writes one append and says what became of it once it is synced. */
export type WriteOne = (write: Write) => Promise<Written>;

/** The server's default limit of an append. */
const MAX_APPEND = 1024 * 1024;
/** The server's default time to commit. */
const COMMIT_TIMEOUT_MS = 2_000;

const proposed = (message: ProposedMessage): Proposed => ({
  id: message.getId()?.getString().toLowerCase() ?? '',
  type: message.getMetadataMap().get('type') ?? '',
  isJson: message.getMetadataMap().get('content-type') === 'application/json',
  data: message.getData_asU8(),
  metadata: message.getCustomMetadata_asU8(),
});
const sizeOf = (events: readonly Proposed[]): number => events.reduce((sum, { data, metadata, type }) => sum + data.length + metadata.length + 2 * type.length, 0);

const status = (name: string, code: number, details: { serializeBinary(): Uint8Array }): InstanceType<typeof statusPb.Status> => {
  const packed = new anyPb.Any();
  packed.pack(details.serializeBinary(), `event_store.client.${name}`);
  return new statusPb.Status().setCode(code).setMessage(name).setDetails(packed);
};

const wrongExpectedVersion = (current: number, expected: number): InstanceType<typeof statusPb.Status> => {
  const details = new shared.WrongExpectedVersion();
  if (current < 0) details.setCurrentNoStream(new emptyPb.Empty());
  else details.setCurrentStreamRevision(String(current));
  if (expected === ANY) details.setExpectedAny(new emptyPb.Empty());
  else if (expected === NO_STREAM) details.setExpectedNoStream(new emptyPb.Empty());
  else if (expected === STREAM_EXISTS) details.setExpectedStreamExists(new emptyPb.Empty());
  else details.setExpectedStreamPosition(String(expected));
  return status('WrongExpectedVersion', 6, details);
};

interface Pending {
  readonly stream: string;
  readonly expected: number;
  readonly events: Proposed[];
}

/** Answers the appends of one client's stream of them, each as soon as it is known, whatever the order. */
export const answerBatchAppends = (write: WriteOne, call: BatchCall): void => {
  const pending = new Map<string, Pending>();
  let underWay = 0;
  let ended = false;
  const answer = (correlation: string, stream: string, fill: (response: InstanceType<typeof streams.BatchAppendResp>) => void): void => {
    const response = new streams.BatchAppendResp()
      .setCorrelationId(new shared.UUID().setString(correlation))
      .setStreamIdentifier(new shared.StreamIdentifier().setStreamName(Buffer.from(stream)));
    fill(response);
    call.write(response);
  };
  const finish = async (correlation: string, { stream, expected, events }: Pending): Promise<void> => {
    underWay += 1;
    const written = await write({ stream, expected, events });
    if (written.result === 'not-ready') await sleep(COMMIT_TIMEOUT_MS);
    answer(correlation, stream, (response) => {
      if (written.result === 'not-ready') response.setError(status('Timeout', 4, new shared.Timeout()));
      else if (written.result === 'wrong-expected-version') response.setError(wrongExpectedVersion(written.current, expected));
      else {
        const success = new streams.BatchAppendResp.Success().setCurrentRevision(String(written.revision));
        if (written.position === undefined) success.setNoPosition(new emptyPb.Empty());
        else success.setPosition(new shared.AllStreamPosition().setCommitPosition(String(written.position)).setPreparePosition(String(written.position)));
        response.setSuccess(success);
      }
    });
    if (--underWay === 0 && ended) call.end();
  };

  call.on('data', (request: InstanceType<typeof streams.BatchAppendReq>) => {
    const correlation = request.getCorrelationId()?.getString() ?? '';
    const options = request.getOptions();
    if (options) {
      const stream = Buffer.from(options.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString();
      const expected = options.hasAny() ? ANY : options.hasNoStream() ? NO_STREAM : options.hasStreamExists() ? STREAM_EXISTS : Number(options.getStreamPosition());
      pending.set(correlation, { stream, expected, events: [] });
    }
    const append = pending.get(correlation);
    if (!append) return;
    append.events.push(...request.getProposedMessagesList().map(proposed));
    if (sizeOf(append.events) > MAX_APPEND) {
      pending.delete(correlation);
      answer(correlation, append.stream, (response) =>
        response.setError(status('MaximumAppendSizeExceeded', 3, new shared.MaximumAppendSizeExceeded().setMaxappendsize(MAX_APPEND))),
      );
    } else if (request.getIsFinal()) {
      pending.delete(correlation);
      void finish(correlation, append);
    }
  });
  call.on('end', () => {
    ended = true;
    if (underWay === 0) call.end();
  });
  call.on('error', () => pending.clear());
};

/** Answers one append that came as a call of its own. */
export const answerAppend = (write: WriteOne, call: AppendCall, reply: grpc.sendUnaryData<InstanceType<typeof streams.AppendResp>>): void => {
  let target: { readonly stream: string; readonly expected: number } | undefined;
  const events: Proposed[] = [];
  call.on('data', (request: InstanceType<typeof streams.AppendReq>) => {
    const options = request.getOptions();
    const message = request.getProposedMessage();
    if (options) {
      const stream = Buffer.from(options.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString();
      target = { stream, expected: options.hasAny() ? ANY : options.hasNoStream() ? NO_STREAM : options.hasStreamExists() ? STREAM_EXISTS : Number(options.getRevision()) };
    } else if (message) events.push(proposed(message));
  });
  call.on('end', () => {
    if (!target) return reply({ code: 3, details: 'no options' });
    if (sizeOf(events) > MAX_APPEND) return reply({ code: 3, details: 'Maximum Append Size exceeded' });
    void write({ ...target, events }).then(async (written) => {
      if (written.result === 'not-ready') {
        await sleep(COMMIT_TIMEOUT_MS);
        return reply({ code: 10, details: 'Operation timed out' });
      }
      const response = new streams.AppendResp();
      if (written.result === 'success') {
        const success = new streams.AppendResp.Success().setCurrentRevision(String(written.revision));
        const position = String(written.position ?? 0);
        response.setSuccess(success.setPosition(new streams.AppendResp.Position().setCommitPosition(position).setPreparePosition(position)));
      } else {
        const wrong = new streams.AppendResp.WrongExpectedVersion();
        if (written.current < 0) wrong.setCurrentNoStream(new shared.Empty());
        else wrong.setCurrentRevision(String(written.current));
        response.setWrongExpectedVersion(wrong);
      }
      reply(null, response);
    });
  });
};
