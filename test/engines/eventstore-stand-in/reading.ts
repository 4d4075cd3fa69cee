import { once } from 'node:events';
import type grpc from '@grpc/grpc-js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { Filter, StandInLog, StoredEvent } from './log.js';

type Options = InstanceType<typeof streams.ReadReq.Options>;
type Call = grpc.ServerWritableStream<InstanceType<typeof streams.ReadReq>, InstanceType<typeof streams.ReadResp>>;

const PAGE = 32;
const TICKS_PER_MS = 10_000;

/** The message that hands an event over. */
const eventMessage = (event: StoredEvent): InstanceType<typeof streams.ReadResp> => {
  const recorded = new streams.ReadResp.ReadEvent.RecordedEvent()
    .setId(new shared.UUID().setString(event.id))
    .setStreamIdentifier(new shared.StreamIdentifier().setStreamName(Buffer.from(event.stream)))
    .setStreamRevision(String(event.revision))
    .setPreparePosition(String(event.position))
    .setCommitPosition(String(event.position))
    .setCustomMetadata(event.metadata)
    .setData(event.data);
  recorded
    .getMetadataMap()
    .set('type', event.type)
    .set('created', String(event.created * TICKS_PER_MS))
    .set('content-type', event.isJson ? 'application/json' : 'application/octet-stream');
  return new streams.ReadResp().setEvent(new streams.ReadResp.ReadEvent().setEvent(recorded).setCommitPosition(String(event.position)));
};

const filterOf = (options: Options): { readonly filter: Filter; readonly window: number; readonly interval: number } => {
  const given = options.getFilter();
  if (!given) return { filter: () => true, window: PAGE, interval: Infinity };
  const expression = given.getStreamIdentifier() ?? given.getEventType();
  const [regex, prefixes] = [expression?.getRegex() ?? '', expression?.getPrefixList() ?? []];
  const pattern = regex === '' ? undefined : new RegExp(regex);
  const matches = (text: string): boolean => (pattern ? pattern.test(text) : prefixes.some((prefix) => text.startsWith(prefix)));
  const window = given.hasMax() ? given.getMax() : PAGE;
  return {
    filter: given.hasStreamIdentifier() ? ({ stream }) => matches(stream) : ({ type }) => matches(type),
    window,
    interval: window * given.getCheckpointintervalmultiplier(),
  };
};

/** Answers a read or a subscription; `written` resolves after the next write. */
export const answerRead = async (log: StandInLog, written: () => Promise<void>, call: Call): Promise<void> => {
  const options = call.request.getOptions() ?? new streams.ReadReq.Options();
  const forwards = options.getReadDirection() === streams.ReadReq.Options.ReadDirection.FORWARDS;
  const send = async (message: InstanceType<typeof streams.ReadResp>): Promise<void> => {
    if (!call.write(message) && !call.cancelled) await Promise.race([once(call, 'drain'), gone]);
  };
  const gone = new Promise<void>((resolve) => call.once('cancelled', resolve));

  const readStream = async (): Promise<void> => {
    const from = options.getStream();
    const name = Buffer.from(from?.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString();
    let revision = from?.hasRevision() ? Number(from.getRevision()) : from?.hasEnd() ? Number.MAX_SAFE_INTEGER : 0;
    for (let left = Number(options.getCount()); left > 0 && !call.cancelled; ) {
      const events = log.readStream(name, revision, Math.min(left, PAGE), forwards);
      if (!events) {
        const identifier = new shared.StreamIdentifier().setStreamName(Buffer.from(name));
        return send(new streams.ReadResp().setStreamNotFound(new streams.ReadResp.StreamNotFound().setStreamIdentifier(identifier)));
      }
      for (const event of events) await send(eventMessage(event));
      const last = events.at(-1);
      if (!last || events.length < PAGE || (!forwards && last.revision === 0)) return;
      revision = last.revision + (forwards ? 1 : -1);
      left -= events.length;
    }
  };

  const start = (): number => {
    const all = options.getAll();
    if (all?.hasEnd()) return log.head();
    return Number(all?.getPosition()?.getCommitPosition() ?? 0);
  };

  const readAll = async (): Promise<void> => {
    const { filter, window } = filterOf(options);
    let from = start();
    for (let left = Number(options.getCount()); left > 0 && !call.cancelled; ) {
      const page = log.readAll(from, window, forwards, filter);
      for (const event of page.events.slice(0, left)) await send(eventMessage(event));
      if (page.end || page.reached === undefined || (!forwards && page.reached === 0)) return;
      from = page.reached + (forwards ? 1 : -1);
      left -= page.events.length;
    }
  };

  const subscribe = async (): Promise<void> => {
    const { filter, window, interval } = filterOf(options);
    const all = options.getAll();
    // A subscription begins after the position that it names, which is a pair: of the event that begins at its first
    // number, its second says whether that is still to come.
    const named = all?.getPosition();
    let from = all?.hasStart() ? 0 : named && Number(named.getPreparePosition()) < Number(named.getCommitPosition()) ? start() : start() + 1;
    let considered = 0;
    let live = false;
    await send(new streams.ReadResp().setConfirmation(new streams.ReadResp.SubscriptionConfirmation().setSubscriptionId('stand-in')));
    while (!call.cancelled) {
      const more = written();
      const page = log.readAll(from, window, true, filter);
      for (const event of page.events) await send(eventMessage(event));
      from = page.next ?? from;
      considered += page.considered;
      if (considered >= interval || (page.end && !live && interval !== Infinity)) {
        considered %= interval;
        await send(new streams.ReadResp().setCheckpoint(new streams.ReadResp.Checkpoint().setCommitPosition(String(from)).setPreparePosition('0')));
      }
      if (!page.end) continue;
      if (!live) await send(new streams.ReadResp().setCaughtUp(new streams.ReadResp.CaughtUp()));
      live = true;
      await Promise.race([more, gone]);
    }
  };

  if (options.hasSubscription()) await subscribe();
  else await (options.hasStream() ? readStream() : readAll());
  call.end();
};
