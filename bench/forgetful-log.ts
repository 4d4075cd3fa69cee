import type { Append, AppendResult } from '#event-store/event-store.js';
import { InMemoryLog } from '#intake/in-memory-log.js';

/** A log that forgets what it is given and answers at once: nothing waits for a disk. */
export class ForgetfulLog extends InMemoryLog {
  private readonly revisions = new Map<string, number>();
  private position = 0;

  override async append(appends: readonly Append[]): Promise<readonly AppendResult[]> {
    return appends.map(({ stream, expected, events }) => {
      const actual = this.revisions.get(stream) ?? -1;
      if ((expected === 'no-stream' ? -1 : expected) !== actual) return { outcome: 'wrong-expected-revision', actual };
      this.revisions.set(stream, actual + events.length);
      this.position += events.length;
      return { outcome: 'appended', revision: actual + events.length, position: this.position };
    });
  }
}
