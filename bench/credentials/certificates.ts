import { LANGUAGES, TEMPLATES } from '#credentials/certificate/certificate.js';
import { startRenderers } from '#engine/batches/renderers.js';
import { sample } from './certificate-samples.js';

const THREADS = 2;

/** Seconds on the clock and of processor time for so many certificates, each as PDF and as PNG, by two threads that were not used before; names differ, designs and languages take turns. */
export const certificateSeconds = async (count: number): Promise<{ readonly seconds: number; readonly processor: number }> => {
  const [from, cpu] = [performance.now(), process.cpuUsage()];
  const renderers = startRenderers(THREADS);
  try {
    await Promise.all(Array.from({ length: count }, async (_none, i) => {
      const language = LANGUAGES[i % LANGUAGES.length] ?? 'en';
      const files = await renderers.render({ ...sample(language), template: TEMPLATES[i % TEMPLATES.length] ?? 'classic', recipient: `${sample(language).recipient} ${i + 1}` });
      if (files.pdf.length < 1000 || files.png.length < 1000) throw new Error('a certificate is empty');
    }));
    const { user, system } = process.cpuUsage(cpu);
    return { seconds: (performance.now() - from) / 1000, processor: (user + system) / 1e6 };
  } finally {
    await renderers.close();
  }
};
