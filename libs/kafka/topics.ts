import { ProofmarkError } from '#domain/errors.js';
import type { Ends, KafkaClient } from './client.js';
import type { PartitionId } from './message.js';

/** The topics that intake reads and writes. */
export interface SourceTopics {
  /** Learning events; all have as many partitions as each other. */
  readonly learning: readonly string[];
  readonly deadLetters: string;
  /** What courses offer, compacted; each engine reads it whole. */
  readonly course?: string;
}

/** What was found of the topics before reading began. */
export interface FoundTopics {
  readonly deadLetterPartitions: number;
  /** Where the course topic ended then; empty partitions are left out. */
  readonly courseEnds: readonly (PartitionId & Pick<Ends, 'low'> & { readonly end: number })[];
}

/**
 * Looks whether all topics are there and fit together.
 * @throws ProofmarkError USAGE for topics that do not exist or whose partitions are not as many as each other's, since
 * one learner's events would then be two members'; an error of the client library where the cluster does not answer.
 */
export const findTopics = async (client: KafkaClient, { learning, deadLetters, course }: SourceTopics): Promise<FoundTopics> => {
  const admin = await client.admin();
  try {
    const names = [...learning, deadLetters, ...(course === undefined ? [] : [course])];
    const partitions = await admin.partitions(names);
    const missing = names.filter((name) => !partitions.has(name));
    if (missing.length > 0) throw new ProofmarkError('USAGE', `There is no topic ${missing.join(', ')} in Kafka; create it (docs/engines.md, "Topics").`);
    const counts = new Set(learning.map((topic) => partitions.get(topic)));
    if (counts.size > 1) {
      const each = learning.map((topic) => `${topic} has ${partitions.get(topic)}`).join(', ');
      throw new ProofmarkError('USAGE', `Topics of learning events must have as many partitions as each other, but ${each}.`);
    }
    const ends = course === undefined ? [] : await admin.ends(course);
    return {
      deadLetterPartitions: partitions.get(deadLetters) ?? 1,
      courseEnds: ends.filter(({ low, high }) => high > low).map(({ partition, low, high }) => ({ topic: course ?? '', partition, low, end: high })),
    };
  } finally {
    await admin.close();
  }
};
