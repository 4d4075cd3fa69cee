/** Which rules are listed: it stands in the address. */
export interface RulesSearch {
  readonly course?: string;
  readonly q?: string;
}

const textIn = (value: unknown): string | undefined => (typeof value === 'number' ? String(value) : typeof value === 'string' && value !== '' ? value : undefined);

/** What an address asks of the list of rules; what makes no sense there is left out. */
export const rulesSearch = ({ course, q }: Readonly<Record<string, unknown>>): RulesSearch => {
  const [ofCourse, sought] = [textIn(course), textIn(q)];
  return { ...(ofCourse !== undefined && { course: ofCourse }), ...(sought !== undefined && { q: sought }) };
};

/** Which versions are compared: it stands in the address. */
export interface HistorySearch {
  readonly version?: number;
  readonly against?: number;
}

const versionIn = (value: unknown): number | undefined => (typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : undefined);

/** What an address asks of a rule's history; what makes no sense there is left out. */
export const historySearch = ({ version, against }: Readonly<Record<string, unknown>>): HistorySearch => {
  const [of, to] = [versionIn(version), versionIn(against)];
  return { ...(of !== undefined && { version: of }), ...(to !== undefined && { against: to }) };
};
