// Publishes awards of a log and dies by SIGKILL when the checkpoint is to move for the nth time: what a crash leaves.
import { readFileSync, writeFileSync } from 'node:fs';
import { openEmbedded } from '#event-store/embedded.js';
import { kafkaClient } from '#kafka/client.js';
import { startBadgesTopic } from '#kafka/badges-topic.js';

const [dir = '', checkpoint = '', brokers = '', topic = '', nth = ''] = process.argv.slice(2);
let saves = 0;

const published = startBadgesTopic({
  store: await openEmbedded({ dir }),
  producer: () => kafkaClient({ brokers: brokers.split(',') }).producer(),
  topic, tenant: 't', source: 'https://badges.example.org', batchSize: 7,
  checkpoint: {
    load: async () => Number(readFileSync(checkpoint, 'utf8')),
    save: async (position) => {
      if (++saves === Number(nth)) process.kill(process.pid, 'SIGKILL');
      writeFileSync(checkpoint, String(position));
    },
  },
});
await published.done;
