/**
 * The pure core of a stream: `decide` turns a command into events, `evolve` folds events into state.
 * `decide` returns [] when nothing changes and throws a ProofmarkError when the command is not allowed.
 */
export interface Decider<Command, Event, State> {
  readonly initialState: State;
  readonly evolve: (state: State, event: Event) => State;
  readonly decide: (command: Command, state: State) => readonly Event[];
}

/** The state after the events, in their order. */
export const fold = <Event, State>(
  decider: Pick<Decider<never, Event, State>, 'initialState' | 'evolve'>,
  events: Iterable<Event>,
): State => {
  let state = decider.initialState;
  for (const event of events) state = decider.evolve(state, event);
  return state;
};
