import { runDemo, type DemoOptions, type DemoResult } from './demo.js';
import { MAX_TRIES } from './engine-client.js';
import { startEngineStandIn, type EngineStandIn, type StandInOptions } from './engine-stand-in.js';

const TODAY = '2026-03-07';
const TERM = 10_016;
const DUPLICATES = 89;
const SENT = TERM + 5 + 8;

interface Run {
  readonly result: DemoResult;
  readonly printed: string;
  readonly waits: readonly number[];
  readonly engine: EngineStandIn;
}

const run = async (standIn: StandInOptions = {}, options: Partial<DemoOptions> = {}): Promise<Run> => {
  const engine = await startEngineStandIn(standIn);
  const waits: number[] = [];
  let printed = '';
  try {
    const result = await runDemo({
      baseUrl: engine.baseUrl,
      key: 'k',
      print: (text) => (printed += text),
      signal: new AbortController().signal,
      today: TODAY,
      wait: async (milliseconds) => void waits.push(milliseconds),
      ...options,
    });
    return { result, printed, waits, engine };
  } finally {
    await engine.close();
  }
};

describe('the demo, against a stand-in for the engine', () => {
  it('streams the term in batches, and the account adds up', async () => {
    const { result, printed, engine } = await run();
    expect(result).toMatchObject({
      outcome: 'streamed',
      balanced: true,
      account: { sent: SENT, recorded: SENT - DUPLICATES - 8, duplicates: DUPLICATES, deadLettered: 8 },
    });
    const term = Math.ceil(TERM / 200);
    expect(engine.batches.slice(0, term - 1).every((size) => size === 200)).toBe(true);
    expect(engine.batches.slice(term)).toEqual([5, ...Array.from({ length: 8 }, () => 1)]);
    expect(printed).toContain(`${SENT} sent = ${SENT - DUPLICATES - 8} recorded + ${DUPLICATES} duplicates + 8 dead letters\n`);
  });

  it('says what to open next: the learner with the most active badges first', async () => {
    const { result, printed, engine } = await run();
    if (result.outcome !== 'streamed') throw new Error(result.outcome);
    expect(result.open.map(({ url }) => url)).toEqual(
      [
        '/app/', '/sign-in/demo/learner?learner=hb-0001&to=%2Fapp%2Flearners%2Fhb-0001', '/sign-in/demo/admin?to=%2Fapp%2Fawards%2Fa3',
        '/v/code-a3', '/credentials/code-a3/en/certificate.pdf', '/sign-in/demo/admin?to=%2Fapp%2Fawards%2Fa5', '/sign-in/demo/admin?to=%2Fapp%2Flearners%2Fhb-0008', '/sign-in/demo/admin?to=%2Fapp%2Fawards%2Fa2', '/sign-in/demo/instructor?to=%2Fapp%2Frules%2Fsql-practitioner',
        '/sign-in/demo/admin?to=%2Fapp%2Fanalytics', '/sign-in/demo/operator?to=%2Fapp%2Foperation', '/docs',
      ].map((path) => engine.baseUrl + path),
    );
    for (const { url, shows } of result.open) expect(printed).toContain(`  ${url}\n      ${shows}\n`);
    const asked = engine.reads.filter((path) => path.includes('minPosition='));
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatch(/minPosition=[1-9]\d*$/);
  });

  it('prints few lines, or one that updates itself on a terminal', async () => {
    const plain = await run();
    expect(plain.printed.split('\n').filter((line) => line.startsWith('Streaming'))).toHaveLength(4);
    expect(plain.printed).not.toContain('\r');
    const terminal = await run({}, { tty: true });
    expect(terminal.printed.split('\n').filter((line) => line.startsWith('\rStreaming'))).toHaveLength(1);
    expect(terminal.printed).toContain('\rStreaming the demo term: 10,029 of 10,029 events');
  });

  it('waits for the awards before it corrects them, but not for ever', async () => {
    const late = await run({ awardsAfter: 3 });
    expect(late.waits).toEqual([250, 250, 250]);
    const states = late.engine.reads.filter((path) => path.includes('learner=')).map((path) => new URL(path, 'http://stand-in').searchParams.get('state'));
    expect(states.filter((state) => state !== null).sort()).toEqual(['revoked', 'revoked', 'revoked', 'suspended']);
    const never = await run({ awardsAfter: Infinity });
    expect(never.waits.length).toBeLessThan(50);
    expect(never.result).toMatchObject({ outcome: 'streamed', balanced: true });
  });

  it('sends nothing where the term is already there', async () => {
    const { result, printed, engine } = await run({ filled: true });
    expect(result.outcome).toBe('already-there');
    expect(engine.batches).toEqual([]);
    expect(printed).toContain('delete its data directory');
    expect(printed).toContain(`${engine.baseUrl}/sign-in/demo/learner?learner=hb-0001&to=`);
  });

  it('tries again when the engine is busy, longer each time', async () => {
    const { result, waits } = await run({ busy: 3 });
    expect(waits).toEqual([200, 400, 800]);
    expect(result).toMatchObject({ outcome: 'streamed', balanced: true });
  });

  it('gives up when the engine stays busy, and says why', async () => {
    const { result, printed, waits } = await run({ busy: Infinity });
    expect(waits).toHaveLength(MAX_TRIES - 1);
    expect(Math.max(...waits)).toBeLessThanOrEqual(5_000);
    expect(result).toMatchObject({ outcome: 'failed', account: { sent: 0 } });
    expect(printed).toContain('The engine cannot write for now.');
  });

  it('gives up when a request is refused as a whole', async () => {
    const { result, printed } = await run({ oneByOne: true });
    expect(result.outcome).toBe('failed');
    expect(printed).toContain('One event at a time.');
  });

  it('gives up when nobody answers', async () => {
    const engine = await startEngineStandIn();
    await engine.close();
    const { result } = await run({}, { baseUrl: engine.baseUrl });
    expect(result.outcome).toBe('failed');
  });

  it('says when the account does not add up', async () => {
    const { result, printed } = await run({ forgetful: true });
    expect(result).toMatchObject({ outcome: 'streamed', balanced: false });
    expect(printed).toContain('This does not add up');
  });

  it('ends when it is told to', async () => {
    const controller = new AbortController();
    const reason = new Error('stopped');
    const print = (text: string): void => {
      if (text.startsWith('Streaming')) controller.abort(reason);
    };
    await expect(run({}, { signal: controller.signal, print })).rejects.toBe(reason);
  });
});
