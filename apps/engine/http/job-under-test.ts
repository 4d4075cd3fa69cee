import { ProofmarkError } from '#domain/errors.js';
import { answerWith } from './job-answer.js';

/** What the job does with itself. */
export interface JobUnderTest {
  readonly how: 'answers' | 'is refused' | 'breaks' | 'takes all memory' | 'never ends' | 'ends';
}

answerWith<JobUnderTest, number, string>(async ({ how }, tell) => {
  tell(how);
  switch (how) {
    case 'answers':
      return 42;
    case 'is refused':
      throw new ProofmarkError('STORE_CORRUPT', 'It is damaged.');
    case 'breaks':
      throw new TypeError('a defect');
    case 'takes all memory':
      for (const kept: unknown[] = []; ; ) kept.push(new Array(1_000).fill(kept.length));
    case 'never ends':
      for (;;);
    case 'ends':
      return process.exit(1);
  }
});
