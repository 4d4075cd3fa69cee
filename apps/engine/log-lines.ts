import type { LoggerService } from '@nestjs/common';
import { messageOf } from '#domain/errors.js';

/** What the framework says of its own start is of no use; what fails there is thrown as well. */
const QUIET: ReadonlySet<string> = new Set(['NestFactory', 'NestApplication', 'InstanceLoader', 'RoutesResolver', 'RouterExplorer']);

/** A log of one line each: time, level, where, what. Errors go to standard error with everything that is known of them. */
export const logLines = (out: (line: string) => void, err: (line: string) => void, now: () => Date): LoggerService => {
  const quiet = (rest: readonly unknown[]): boolean => QUIET.has(String(rest.at(-1)));
  const line = (level: string, message: unknown, rest: readonly unknown[]): string => {
    const context = rest.at(-1);
    const where = typeof context === 'string' ? ` ${context}` : '';
    return `${now().toISOString()} ${level}${where} ${message instanceof Error ? (message.stack ?? message.message) : messageOf(message)}`;
  };
  return {
    log: (message: unknown, ...rest: unknown[]) => {
      if (!quiet(rest)) out(line('info', message, rest));
    },
    warn: (message: unknown, ...rest: unknown[]) => err(line('warn', message, rest)),
    error: (message: unknown, ...rest: unknown[]) => {
      if (!quiet(rest)) err(line('error', message, rest));
    },
    fatal: (message: unknown, ...rest: unknown[]) => err(line('fatal', message, rest)),
    debug: () => undefined,
    verbose: () => undefined,
  };
};
