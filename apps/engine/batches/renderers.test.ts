import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { certificateUnderTest } from '#credentials/certificate/certificate-under-test.js';
import { startRenderers, startRenderThread } from './renderers.js';

describe('threads that draw certificates', () => {
  it('are replaced where one has ended, and what it was drawing fails', async () => {
    const workers: Worker[] = [];
    const renderers = startRenderers(2, () => {
      const worker = startRenderThread();
      workers.push(worker);
      return worker;
    });
    const draw = async (): Promise<string> => Buffer.from((await renderers.render(certificateUnderTest('en'))).pdf.subarray(0, 5)).toString();
    expect(await draw()).toBe('%PDF-');
    const lost = draw();
    const failed = expect(lost).rejects.toThrow('has ended');
    await Promise.all(workers.map((worker) => worker.terminate()));
    await failed;
    expect(await Promise.all([draw(), draw(), draw()])).toEqual(['%PDF-', '%PDF-', '%PDF-']);
    expect(workers).toHaveLength(4);

    const error = once(workers[2] as Worker, 'exit');
    await renderers.close();
    await error;
    await expect(draw()).rejects.toThrow('has ended');
    expect(workers).toHaveLength(4); // nothing starts after the end
  });

  it('go on after what cannot be sent to them', async () => {
    const renderers = startRenderers(1);
    const unsendable = { ...certificateUnderTest('en'), art: (() => '') as unknown as string };
    await expect(renderers.render(unsendable)).rejects.toThrow('could not be cloned');
    expect((await renderers.render(certificateUnderTest('en'))).png.length).toBeGreaterThan(1_000);
    await renderers.close();
  });
});
