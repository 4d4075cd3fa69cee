import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import operationsService from '@eventstore/db-client/generated/operations_grpc_pb.js';
import operations from '@eventstore/db-client/generated/operations_pb.js';

/** What operators and other applications do to a database, by the bare client. */
export interface EventStoreOperations {
  /** Hides the events of a stream before a revision; a scavenge removes them. */
  truncate(stream: string, before: number): Promise<void>;
  scavenge(): Promise<void>;
  /** Appends an event as another application would. */
  appendForeign(stream: string): Promise<void>;
  close(): Promise<void>;
}

/** Connects to a server beside the adapter. */
export const operateEventStore = (uri: string): EventStoreOperations => {
  const client = EventStoreDBClient.connectionString(uri);
  return {
    truncate: async (stream, before) => {
      await client.setStreamMetadata(stream, { truncateBefore: before });
    },
    scavenge: () =>
      client['execute'](operationsService.OperationsClient, 'scavenge', (grpc) =>
        new Promise<void>((resolve, reject) => {
          const request = new operations.StartScavengeReq().setOptions(new operations.StartScavengeReq.Options().setThreadCount(1));
          grpc.startScavenge(request, ...client['callArguments']({}), (error) => (error ? reject(error) : resolve()));
        }),
      ),
    appendForeign: async (stream) => {
      await client.appendToStream(stream, jsonEvent({ type: 'OrderPlaced', data: { total: 3 } }));
    },
    close: async () => {
      await client.dispose();
      (await client['getChannel']()).close();
    },
  };
};
