// Where the time goes: reads the CPU profiles of a directory (node --cpu-prof writes one per thread) and prints what
// is busiest, per thread and over all of them.
// Usage: node dist/bench/hot-spots.js DIRECTORY [how many]
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}

interface Profile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: CallFrame; readonly children?: readonly number[] }[];
  readonly samples: readonly number[];
  /** Microseconds since the sample before. */
  readonly timeDeltas: readonly number[];
}

/** A function and the time spent in itself, not in what it calls. */
export interface HotSpot {
  readonly thread: string;
  readonly name: string;
  readonly seconds: number;
}

/** One thread's profile, summed up. */
export interface ThreadProfile {
  readonly thread: string;
  /** Time in which it was not idle. */
  readonly busySeconds: number;
  /** Busiest first. */
  readonly spots: readonly HotSpot[];
}

const ROOT = resolve(import.meta.dirname, '../..');
/** A file whose code runs in one thread only, and what that thread is. */
const THREADS: readonly (readonly [string, string])[] = [
  ['embedded-writer.js', 'log writer'],
  ['follow-thread.js', 'followers'],
];
const NOT_BUSY: ReadonlySet<string> = new Set(['(idle)', '(root)']);

const maps = new Map<string, SourceMap | undefined>();
const mapOf = (file: string): SourceMap | undefined => {
  if (!maps.has(file)) {
    const beside = `${file}.map`;
    maps.set(file, existsSync(beside) ? new SourceMap(JSON.parse(readFileSync(beside, 'utf8')) as SourceMapPayload) : undefined);
  }
  return maps.get(file);
};

/** File and line of a function, in the source where it is ours. */
const placeOf = ({ url, lineNumber, columnNumber }: CallFrame): string => {
  if (!url.startsWith('file:')) return url;
  const file = fileURLToPath(url);
  const path = relative(ROOT, file).replace(/^dist\//, '').replace(/^.*node_modules\//, '');
  const entry = mapOf(file)?.findEntry(lineNumber, columnNumber);
  return entry && 'originalLine' in entry ? `${path.replace(/\.js$/, '.ts')}:${entry.originalLine + 1}` : `${path}:${lineNumber + 1}`;
};

const nameOf = (frame: CallFrame, caller: CallFrame | undefined): string => {
  const { functionName, url } = frame;
  if (functionName.startsWith('(')) return functionName;
  if (url !== '') return `${functionName || '(anonymous)'} ${placeOf(frame)}`;
  return `${functionName} (native), called in ${caller ? nameOf(caller, undefined) : 'the runtime'}`;
};

const summed = (profile: Profile): ThreadProfile => {
  const byId = new Map(profile.nodes.map((node) => [node.id, node]));
  const callers = new Map<number, CallFrame>();
  for (const { callFrame, children = [] } of profile.nodes) for (const child of children) callers.set(child, callFrame);
  const thread = THREADS.find(([file]) => profile.nodes.some(({ callFrame }) => callFrame.url.endsWith(`/${file}`)))?.[1] ?? 'main';
  const byNode = new Map<number, number>();
  profile.samples.forEach((id, i) => byNode.set(id, (byNode.get(id) ?? 0) + Math.max(0, profile.timeDeltas[i] ?? 0)));
  const byName = new Map<string, number>();
  let busy = 0;
  for (const [id, time] of byNode) {
    const frame = byId.get(id)?.callFrame;
    if (!frame || NOT_BUSY.has(frame.functionName)) continue;
    busy += time;
    const name = nameOf(frame, callers.get(id));
    byName.set(name, (byName.get(name) ?? 0) + time);
  }
  const spots = Array.from(byName, ([name, time]) => ({ thread, name, seconds: time / 1e6 })).sort((a, b) => b.seconds - a.seconds);
  return { thread, busySeconds: busy / 1e6, spots };
};

/** The profiles of a directory, one per thread. */
export const readProfiles = (dir: string): readonly ThreadProfile[] =>
  readdirSync(dir)
    .filter((name) => name.endsWith('.cpuprofile'))
    .sort()
    .map((name) => summed(JSON.parse(readFileSync(join(dir, name), 'utf8')) as Profile));

const line = (spot: HotSpot, of: number, named: boolean): string =>
  `${((spot.seconds / of) * 100).toFixed(1).padStart(6)} %  ${spot.seconds.toFixed(2).padStart(6)} s  ${named ? `${spot.thread.padEnd(10)}  ` : ''}${spot.name}`;

/** The busiest functions of each thread and of all, as text. */
export const hotSpots = (threads: readonly ThreadProfile[], top: number): string => {
  const all = threads.reduce((sum, { busySeconds }) => sum + busySeconds, 0);
  const parts = threads.map(({ thread, busySeconds, spots }) =>
    [`${thread}: busy ${busySeconds.toFixed(1)} s`, ...spots.slice(0, top).map((spot) => line(spot, busySeconds, false))].join('\n'),
  );
  const hottest = threads.flatMap(({ spots }) => spots).sort((a, b) => b.seconds - a.seconds).slice(0, top);
  return [...parts, [`all threads: busy ${all.toFixed(1)} s`, ...hottest.map((spot) => line(spot, all, true))].join('\n')].join('\n\n');
};

if (process.argv[1] === import.meta.filename) {
  const [dir, top = '10'] = process.argv.slice(2);
  if (dir === undefined) {
    console.error('usage: node dist/bench/hot-spots.js DIRECTORY [how many]');
    process.exitCode = 2;
  } else {
    console.log(hotSpots(readProfiles(dir), Number(top)));
  }
}
