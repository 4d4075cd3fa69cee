import type { Receipt } from '#intake/delivery.js';
import type { KafkaClient, KafkaProducer } from './client.js';
import { deadLetterOf, shortened } from './dead-letter.js';
import type { KafkaMessage, OutMessage, PartitionId } from './message.js';

/** The topic to which messages go that could not be recorded. */
export interface DeadLetterTopic {
  /** Produces the letters of the rejected messages, in their order; resolves when the topic has them. */
  keep(from: PartitionId, messages: readonly KafkaMessage[], receipts: readonly Receipt[]): Promise<void>;
  close(): Promise<void>;
}

/** Opens the topic, with so many partitions. */
export const deadLetterTopic = (client: KafkaClient, topic: string, partitions: number): DeadLetterTopic => {
  let opening: Promise<KafkaProducer> | undefined;
  const producer = (): Promise<KafkaProducer> => {
    opening ??= client.producer();
    opening.catch(() => (opening = undefined)); // the next letter tries again
    return opening;
  };
  return {
    keep: async (from, messages, receipts) => {
      const letters: OutMessage[] = [];
      receipts.forEach((receipt, i) => {
        const message = messages[i];
        if (receipt.outcome === 'rejected' && message) letters.push(deadLetterOf(message, from, receipt, partitions));
      });
      if (letters.length === 0) return;
      await (await producer()).send(topic, letters, shortened); // the log's dead letter has the whole
    },
    close: async () => {
      const open = await opening?.catch(() => undefined); // what never opened needs no closing
      await open?.close();
    },
  };
};
