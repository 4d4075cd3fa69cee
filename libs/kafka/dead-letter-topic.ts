import type { Receipt } from '#intake/delivery.js';
import { isTooLarge, type KafkaClient, type KafkaProducer } from './client.js';
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
  const sendEach = async (to: KafkaProducer, letters: readonly OutMessage[]): Promise<void> => {
    for (const letter of letters) {
      try {
        await to.send(topic, [letter]);
      } catch (error) {
        if (!isTooLarge(error)) throw error;
        await to.send(topic, [shortened(letter)]); // the log's dead letter has the whole
      }
    }
  };
  return {
    keep: async (from, messages, receipts) => {
      const letters: OutMessage[] = [];
      receipts.forEach((receipt, i) => {
        const message = messages[i];
        if (receipt.outcome === 'rejected' && message) letters.push(deadLetterOf(message, from, receipt, partitions));
      });
      if (letters.length === 0) return;
      const to = await producer();
      try {
        await to.send(topic, letters);
      } catch (error) {
        if (!isTooLarge(error)) throw error;
        await sendEach(to, letters);
      }
    },
    close: async () => {
      const open = await opening?.catch(() => undefined); // what never opened needs no closing
      await open?.close();
    },
  };
};
