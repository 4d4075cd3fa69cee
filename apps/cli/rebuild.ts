import { setTimeout as sleep } from 'node:timers/promises';
import type { EngineConfig } from '#engine/config.js';
import { openEngine } from '#engine/composition.js';
import { requireData } from './data-directory.js';
import { EXIT } from './exit-codes.js';
import { bar, progressLine } from './progress-line.js';

const POLL_MS = 100;

/** Builds a projection anew from the log beside the live one, and switches when it has caught up. */
export const rebuildProjection = async (config: EngineConfig, projection: string): Promise<number> => {
  requireData(config);
  const engine = await openEngine(config);
  const line = progressLine();
  try {
    await engine.followers.settle();
    const head = await engine.store.head();
    const before = liveGeneration(engine.followers.status().projections, projection);
    await engine.followers.rebuild(projection);
    for (;;) {
      const { projections } = engine.followers.status();
      const live = liveGeneration(projections, projection);
      if (live !== undefined && live !== before) break;
      const parked = projections.find((one) => one.projection === projection && one.status === 'parked');
      if (parked) {
        console.error(`proofmark: ${parked.message ?? 'the projection is parked'}`);
        return EXIT.failed;
      }
      const building = projections.find((one) => one.projection === projection && one.state === 'building');
      const share = building && head > 0 ? Math.max(0, building.checkpoint) / head : 0;
      line.update(`${projection} ${bar(share)} ${Math.floor(share * 100)} %`);
      await sleep(POLL_MS);
    }
    line.end();
    console.log(`${projection} is rebuilt from ${head.toLocaleString('en')} events and live.`);
    return EXIT.ok;
  } finally {
    line.end();
    await engine.close();
  }
};

interface Generation {
  readonly projection: string;
  readonly generation: number;
  readonly state: 'live' | 'building';
}

const liveGeneration = (states: readonly Generation[], projection: string): number | undefined =>
  states.find((one) => one.projection === projection && one.state === 'live')?.generation;
