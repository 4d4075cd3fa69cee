import { type Decider, fold } from './decider.js';
import { type ErrorCode, ProofmarkError } from './errors.js';

/** What a decider answered to a command. */
export interface Answer<Event> {
  /** Holds when exactly these events were decided, in this order; none where nothing is to change. */
  readonly then: (...events: readonly Event[]) => void;
  /** Holds when the command was refused with this code. */
  readonly thenThrows: (code: ErrorCode) => void;
}

/** States an example of a decider: `given(decider, ...events).when(command).then(...events)`. */
export const given = <Command, Event, State>(decider: Decider<Command, Event, State>, ...events: readonly Event[]) => ({
  when: (command: Command): Answer<Event> => {
    const decide = (): readonly Event[] => decider.decide(command, fold(decider, events));
    return {
      then: (...expected) => expect(decide()).toEqual(expected),
      thenThrows: (code) => {
        try {
          decide();
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(ProofmarkError);
          expect(thrown).toMatchObject({ code });
          return;
        }
        throw new Error(`the command was accepted; ${code} was expected`);
      },
    };
  },
});
