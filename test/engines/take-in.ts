// Takes in learning events from Kafka into an embedded store until it is killed.
import { randomUUID } from 'node:crypto';
import { openEmbedded } from '#event-store/embedded.js';
import { createIntake } from '#intake/intake.js';
import { forgetfulVault } from '#vault/in-memory.js';
import { startKafkaSource } from '#kafka/source.js';

const [dir = '', brokers = '', groupId = '', topic = '', deadLetters = ''] = process.argv.slice(2);
const intake = createIntake({ store: await openEmbedded({ dir }), seals: forgetfulVault(), tenant: 't', now: Date.now, newId: randomUUID });
const source = startKafkaSource({
  kafka: { brokers: brokers.split(',') }, topics: { learning: [topic], deadLetters }, groupId, tenant: 't', sessionTimeoutMs: 6_000,
  intake: {
    submit: async (deliveries) => {
      const receipts = await intake.submit(deliveries);
      process.send?.({ receipts: receipts.length });
      return receipts;
    },
  },
});
await source.done;
