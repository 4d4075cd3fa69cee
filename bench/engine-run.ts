import { join } from 'node:path';
import { openEngine } from '#engine/composition.js';
import type { Engine } from '#engine/engine.js';
import type { Delivery } from '#intake/delivery.js';

export const TENANT = 'bench';
const RULES = join(import.meta.dirname, '../../bench/rules');
const BATCH = 1000;
const IN_FLIGHT = 6;
const SETTLE_MS = 5 * 60_000;

/** Runs the engine in this process, with intake here and its other threads beside, on one of the rule directories. */
export const withEngine = async <T>(dataDir: string, rules: 'latency' | 'history', work: (engine: Engine) => Promise<T>): Promise<T> => {
  const engine = await openEngine({ host: '127.0.0.1', port: 0, dataDir, rulesDirs: [join(RULES, rules)], tenant: TENANT, verifyOnline: false });
  try {
    const { diagnostics } = await engine.publishRules();
    if (diagnostics.length > 0) throw new Error(`the rules in bench/rules/${rules} have errors`);
    return await work(engine);
  } finally {
    await engine.close();
  }
};

/** Waits until everything is decided and shown, but not for ever. */
export const settle = async (engine: Engine): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the engine was not done after ${SETTLE_MS / 60_000} minutes`)), SETTLE_MS);
  });
  await Promise.race([engine.followers.settle(), late]).finally(() => clearTimeout(timer));
};

/** Takes deliveries in as the import does (batches of 1,000, six under way) and waits until they are decided and shown. */
export const takeIn = async (engine: Engine, deliveries: readonly Delivery[]): Promise<void> => {
  const before = engine.intake.account.recorded;
  const underWay: Promise<unknown>[] = [];
  for (let i = 0; i < deliveries.length; i += BATCH) {
    underWay.push(engine.intake.submit(deliveries.slice(i, i + BATCH)));
    if (underWay.length >= IN_FLIGHT) await underWay.shift();
  }
  await Promise.all(underWay);
  await settle(engine);
  const recorded = engine.intake.account.recorded - before;
  if (recorded !== deliveries.length) throw new Error(`${recorded} of ${deliveries.length} events were recorded`);
};
