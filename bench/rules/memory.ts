import { applyEvent, emptyFactBook, type FactBook } from '#domain/facts.js';
import type { MemoryJob, MemoryResult } from './job.js';
import { proofmark } from './proofmark.js';
import { rulesOf } from './rule-templates.js';
import { workload } from './workload.js';

const heapAfterCollection = (): number => {
  const { gc } = globalThis;
  if (!gc) throw new Error('start this process with --expose-gc');
  // A second collection takes what the first one only unlinked.
  gc();
  gc();
  return process.memoryUsage().heapUsed;
};

/** What is held after a workload; the caller keeps it alive while the heap is measured. */
const held = ({ of, learners, facts }: MemoryJob, engine: ReturnType<typeof proofmark>, places: Set<string>): unknown => {
  const books = new Map<string, FactBook>();
  for (const event of workload({ learners, facts })) {
    const { learner = '', course = '' } = event;
    if (event.type === 'Enrolled') places.add(`${learner} ${course}`);
    if (of === 'engine') {
      engine.consume(event);
      continue;
    }
    let book = books.get(learner);
    if (!book) books.set(learner, (book = emptyFactBook()));
    applyEvent(book, event);
  }
  engine.settle();
  return books;
};

/** Measures what the heap holds for learners, without what it held before: the rules, the program. */
export const memory = (job: MemoryJob): MemoryResult => {
  const engine = proofmark(rulesOf(job.rules));
  const places = new Set<string>();
  held({ ...job, of: 'facts', learners: 2 }, proofmark([]), new Set()); // compiled and cached things come before
  const before = heapAfterCollection();
  const books = held(job, engine, places);
  const count = places.size;
  places.clear();
  const bytes = heapAfterCollection() - before;
  // Asked afterwards, so that neither is collected before.
  if (job.of === 'engine' ? engine.facts('learner-0') === undefined : books === undefined) throw new Error('nothing is held');
  return { bytes, places: count };
};
