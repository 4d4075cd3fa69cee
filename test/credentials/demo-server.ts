import { resolve } from 'node:path';
import { DEMO_SEED, demoTerm } from '#engine/demo/term.js';
import { dayBefore } from '#engine/demo/term-calendar.js';
import { serverUnderTest, type ServerUnderTest } from '#engine/http/server-under-test.js';

const BATCH = 200;

/** A real engine with the demo's rules and issuer that has been through the demo term up to yesterday, corrections included. */
export const demoServer = async (publicUrl: string): Promise<ServerUnderTest> => {
  const server = await serverUnderTest({ publicUrl, rulesDirs: [resolve('rules')] });
  const { term, corrections } = demoTerm({ seed: DEMO_SEED, lastDay: dayBefore(new Date().toISOString().slice(0, 10)) });
  // Corrections come once there are awards that they change.
  for (const events of [term, corrections]) {
    for (let i = 0; i < events.length; i += BATCH) {
      const { status, text } = await server.post('/v1/events', events.slice(i, i + BATCH));
      if (status !== 200) throw new Error(`the engine did not take the demo term: ${status} ${text}`);
    }
    await server.engine.followers.settle();
  }
  return server;
};
