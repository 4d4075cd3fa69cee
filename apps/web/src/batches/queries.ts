import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { ask, AskError, send, urlOf } from '../api/ask.ts';
import type { components } from '../api/schema.d.ts';
import type { Problem } from '../api/types.ts';

type Schemas = components['schemas'];
export type Batch = Schemas['BatchAnswer'];
export type WholeBatch = Schemas['WholeBatchAnswer'];
export type BatchField = Schemas['BatchField'];
export type BatchRow = Schemas['PreviewedRow'];
export type Standing = BatchRow['standing'];
export type Settings = Schemas['SettingsAnswer'];
type RowsPage = { readonly items: readonly BatchRow[]; readonly next: number | null };

const id = encodeURIComponent;
const [LOOK_AGAIN, IDLE] = [700, 5_000];
const ROWS = 50;
const MOST_ROWS = 500;

const isUnderWay = (batch: Batch | undefined): boolean => batch?.state === 'waiting' || batch?.state === 'issuing';

/** The batches of the last day, the latest first. */
export const batchesQuery = () =>
  queryOptions({
    queryKey: ['batches'],
    queryFn: ({ signal }) => ask<{ readonly items: readonly Batch[] }>('/v1/batches', { signal }),
    refetchInterval: ({ state }) => (state.data?.items.some(isUnderWay) ? LOOK_AGAIN : IDLE),
  });

/** One batch and how far it is. */
export const batchQuery = (batch: string) =>
  queryOptions({
    queryKey: ['batch', batch],
    queryFn: ({ signal }) => ask<Batch>(`/v1/batches/${id(batch)}`, { signal }),
    refetchInterval: ({ state }) => (isUnderWay(state.data) ? LOOK_AGAIN : false),
  });

/** The columns of a batch's file with their first cells. */
export const columnsQuery = (batch: string) =>
  queryOptions({ queryKey: ['batch', batch, 'columns'], queryFn: ({ signal }) => ask<{ readonly items: readonly Schemas['ColumnSample'][] }>(`/v1/batches/${id(batch)}/columns`, { signal }), staleTime: Infinity });

const rowsPage = (batch: string, asked: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<RowsPage> => ask<RowsPage>(`/v1/batches/${id(batch)}/rows?${new URLSearchParams(asked)}`, signal ? { signal } : {});

/** The rows of a batch as a preview has them, a page at a time. */
export const rowsQuery = ({ id: batch, confirm = '', preview }: WholeBatch, standing: Standing | undefined, text: string) =>
  infiniteQueryOptions({
    queryKey: ['batch', batch, 'rows', confirm, preview, standing, text],
    queryFn: ({ pageParam, signal }) => rowsPage(batch, { limit: String(ROWS), after: String(pageParam), ...(standing && { standing }), ...(text !== '' && { text }) }, signal),
    initialPageParam: 0,
    getNextPageParam: ({ next }: RowsPage) => next,
    placeholderData: keepPreviousData,
  });

/** All rows that cannot be issued. */
export const badRows = async (batch: string): Promise<readonly BatchRow[]> => {
  const rows: BatchRow[] = [];
  for (let after: number | null = 0; after !== null; ) {
    const page: RowsPage = await rowsPage(batch, { standing: 'bad', limit: String(MOST_ROWS), after: String(after) });
    rows.push(...page.items);
    after = page.next;
  }
  return rows;
};

const answered = async (answer: Response): Promise<Response> => {
  if (!answer.ok) throw new AskError(answer.status, answer.headers.get('content-type')?.includes('json') ? ((await answer.json()) as Partial<Problem>) : { status: answer.status });
  return answer;
};

/** Sends a file for a badge; nothing is issued. @throws AskError */
export const upload = async (badge: string, file: File): Promise<Batch> =>
  (await (await answered(await fetch(urlOf(`/v1/batches?badge=${id(badge)}`), { method: 'POST', headers: { 'content-type': 'text/csv', accept: 'application/json' }, credentials: 'same-origin', body: file }))).json()) as Batch;

/** Looks at a batch with other columns. @throws AskError */
export const look = (batch: string, mapping: Readonly<Record<string, string>>): Promise<WholeBatch> => send<WholeBatch>(`/v1/batches/${id(batch)}/preview`, { mapping });

/** Issues a batch as it was seen. @throws AskError */
export const issue = (batch: string, confirm: string, settings: Settings): Promise<WholeBatch> => send<WholeBatch>(`/v1/batches/${id(batch)}/issue`, { confirm, ...settings });

/** Stops a batch. @throws AskError */
export const cancel = (batch: string): Promise<Batch> => send<Batch>(`/v1/batches/${id(batch)}/cancel`, {});

/** Removes a batch and its files. @throws AskError */
export const remove = async (batch: string): Promise<void> => void (await answered(await fetch(urlOf(`/v1/batches/${id(batch)}`), { method: 'DELETE', credentials: 'same-origin' })));

/** Where the certificates of a batch are. */
export const archiveOf = (batch: string): string => urlOf(`/v1/batches/${id(batch)}/archive`);
