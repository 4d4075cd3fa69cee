// A stand-in of EventStoreDB's wire protocol, in a process of its own; see README.md beside it.
// Usage: node dist/test/engines/eventstore-stand-in/main.js DIRECTORY [PORT]
import grpc from '@grpc/grpc-js';
import gossip from '@eventstore/db-client/generated/gossip_pb.js';
import gossipService from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import features from '@eventstore/db-client/generated/serverfeatures_pb.js';
import featuresService from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import operations from '@eventstore/db-client/generated/operations_pb.js';
import operationsService from '@eventstore/db-client/generated/operations_grpc_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streamsService from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { answerAppend, answerBatchAppends, type WriteOne } from './appending.js';
import { openStandInLog, type Write, type Written } from './log.js';
import { answerRead } from './reading.js';

const [dir, port = '0'] = process.argv.slice(2);
if (dir === undefined) throw new Error('Name the directory.');
const log = openStandInLog(dir);

let group: { readonly write: Write; readonly resolve: (written: Written) => void }[] = [];
let wake = (): void => undefined;
let written = new Promise<void>((resolve) => (wake = resolve));
/** What came in one turn of the event loop is synced together. */
const write: WriteOne = (append) =>
  new Promise((resolve) => {
    if (group.push({ write: append, resolve }) > 1) return;
    setImmediate(() => {
      const due = group;
      group = [];
      const results = log.write(due.map((each) => each.write));
      due.forEach((each, i) => each.resolve(results[i] ?? { result: 'not-ready' }));
      const waiting = wake;
      written = new Promise<void>((next) => (wake = next));
      waiting();
    });
  });

const server = new grpc.Server({ 'grpc.max_receive_message_length': 17 * 1024 * 1024 });
server.addService(streamsService.StreamsService, {
  read: (call: Parameters<typeof answerRead>[2]) => {
    answerRead(log, () => written, call).catch((error: unknown) => call.destroy(error instanceof Error ? error : new Error(String(error))));
  },
  append: (call: Parameters<typeof answerAppend>[1], reply: Parameters<typeof answerAppend>[2]) => answerAppend(write, call, reply),
  batchAppend: (call: Parameters<typeof answerBatchAppends>[1]) => answerBatchAppends(write, call),
  delete: (_call: unknown, reply: grpc.sendUnaryData<never>) => reply({ code: grpc.status.UNIMPLEMENTED, details: 'The stand-in deletes nothing.' }),
  tombstone: (_call: unknown, reply: grpc.sendUnaryData<never>) => reply({ code: grpc.status.UNIMPLEMENTED, details: 'The stand-in deletes nothing.' }),
});
server.addService(featuresService.ServerFeaturesService, {
  getSupportedMethods: (_call: unknown, reply: grpc.sendUnaryData<InstanceType<typeof features.SupportedMethods>>) => {
    const methods = ['read', 'append', 'batchappend'].map((name) =>
      new features.SupportedMethod().setServiceName('event_store.client.streams.streams').setMethodName(name).setFeaturesList(name === 'read' ? ['position', 'events'] : []),
    );
    reply(null, new features.SupportedMethods().setEventStoreServerVersion('23.10.0-stand-in').setMethodsList(methods));
  },
});
server.addService(operationsService.OperationsService, {
  startScavenge: (_call: unknown, reply: grpc.sendUnaryData<InstanceType<typeof operations.ScavengeResp>>) => {
    log.scavenge();
    reply(null, new operations.ScavengeResp().setScavengeId('stand-in').setScavengeResult(operations.ScavengeResp.ScavengeResult.STARTED));
  },
});

server.bindAsync(`127.0.0.1:${port}`, grpc.ServerCredentials.createInsecure(), (error, bound) => {
  if (error) throw error;
  server.addService(gossipService.GossipService, {
    read: (_call: unknown, reply: grpc.sendUnaryData<InstanceType<typeof gossip.ClusterInfo>>) => {
      const member = new gossip.MemberInfo()
        .setInstanceId(new shared.UUID().setString('00000000-0000-4000-8000-000000000001'))
        .setState(gossip.MemberInfo.VNodeState.LEADER)
        .setIsAlive(true)
        .setHttpEndPoint(new gossip.EndPoint().setAddress('127.0.0.1').setPort(bound));
      reply(null, new gossip.ClusterInfo().setMembersList([member]));
    },
  });
  console.log(`A stand-in of EventStoreDB's wire protocol listens on esdb://127.0.0.1:${bound}?tls=false`);
  process.send?.({ port: bound });
});

const stop = (): void => {
  server.forceShutdown();
  log.close();
  process.exit(0);
};
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
// Whoever started it has ended.
process.on('disconnect', stop);
