import type { LoggerService } from '@nestjs/common';
import { formatDiagnostic } from '#rules/diagnostic.js';
import { openEngine } from './composition.js';
import type { Log } from './adapters.js';
import type { EngineConfig } from './config.js';
import { ROLES } from './engines-config.js';
import type { Engine, FilesPublication } from './engine.js';
import { keepPublicUrl, servedUrl } from './public-url.js';
import { createHttpApp, type HttpApp } from './http/app.js';

/** A server that answers. */
export interface Server {
  readonly url: string;
  readonly engine: Engine;
  /** Links by which the first administrators come in, of each tenant that has none. */
  readonly firstLinks: Awaited<ReturnType<HttpApp['firstLinks']>>;
  /** Stops accepting, answers what is under way, and closes the engine. */
  stop(): Promise<void>;
}

/** What became of the rule files, in lines for people. */
export const publicationLines = ({ published, unchanged, retired, diagnostics, warnings, pictures }: FilesPublication): readonly string[] => [
  ...diagnostics.map((found) => `rule not published: ${formatDiagnostic(found)}`),
  ...warnings.map(formatDiagnostic),
  ...pictures,
  ...published.map(({ badge, version, file }) => `published ${badge} version ${version} from ${file}`),
  ...retired.map((badge) => `the rule of ${badge} is retired; "proofmark rules publish" brings it back`),
  ...(unchanged.length > 0 ? [`${unchanged.length} rules are live as they are`] : []),
];

/** What follows from another address, once there are credentials. */
export const movedLine = (before: string, now: string): string =>
  `credentials that were issued so far name ${before}; from now on they name ${now}. Their QR codes, links and keys are looked for at ${before}: keep that address leading here, ` +
  'or sign everything anew under the same codes with "proofmark keys reissue ISSUER --reason TEXT" for each issuer; printed codes and downloaded files go on naming the address before';

/** Processes that only take in, show or project leave the rule files to those that go by them. */
const publishes = ({ roles = ROLES }: EngineConfig): boolean => roles.includes('decide') || roles.includes('issue');

/**
 * Opens the engine, listens and publishes the rule files. Whatever fails leaves nothing open.
 * @throws ProofmarkError as `openEngine` does; the listener's error (EADDRINUSE, EACCES).
 */
export const serve = async (config: EngineConfig, logger: LoggerService | false): Promise<Server> => {
  const log: Log = (level, message) => { if (logger) logger[level === 'error' ? 'error' : 'warn'](message, 'engine'); };
  const engine = await openEngine({ ...config, publicUrl: await servedUrl(config.dataDir, config.publicUrl, config.port) }, log);
  const closing: (() => Promise<void>)[] = [() => engine.close()];
  const stop = async (): Promise<void> => {
    for (let close = closing.pop(); close; close = closing.pop()) await close();
  };
  try {
    const before = await keepPublicUrl(config.dataDir, engine.config.publicUrl);
    if (logger && before !== undefined && (await engine.readModels.find('credential', { limit: 1 })).length > 0) logger.warn(movedLine(before, engine.config.publicUrl), 'engine');
    const app = await createHttpApp(engine, logger);
    closing.push(() => app.close());
    const firstLinks = async (): Promise<Server['firstLinks']> => ((config.roles ?? ROLES).includes('web') ? app.firstLinks() : []);
    // First, so that nothing is published where somebody else has the port. Until it is, the engine is not ready.
    const url = await app.listen(config.host, config.port);
    if (!publishes(config)) {
      app.rulesPublished(0);
      return { url, engine, firstLinks: await firstLinks(), stop };
    }
    const publication = await engine.publishRules();
    if (logger) for (const line of publicationLines(publication)) logger.log(line, 'rules');
    app.rulesPublished(publication.position);
    return { url, engine, firstLinks: await firstLinks(), stop };
  } catch (error) {
    await stop();
    throw error;
  }
};
