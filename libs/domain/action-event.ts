/**
 * Somebody was let do something that changes what is on record: who, what, to what, why and from where. It is in the log before it is
 * done, so that nothing is done that is not there; what came of it is in the events that follow.
 */
export interface ActionTaken {
  readonly type: 'ActionTaken';
  readonly tenant: string;
  /** Id of the account or the API key. */
  readonly by: string;
  readonly kind: 'person' | 'machine';
  /** The action's name in the table of decisions. */
  readonly action: string;
  /** The route, like "POST /v1/awards/:id/review", and what stood in the places of its parameters. */
  readonly route: string;
  readonly of: Readonly<Record<string, string>>;
  /** As they gave it. */
  readonly reason?: string;
  /** The network that it came from: the address without its last part, so that it names no one machine. */
  readonly from: string;
  /** Epoch milliseconds. */
  readonly at: number;
}
