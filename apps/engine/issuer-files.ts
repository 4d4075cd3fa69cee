import type { RuleFile } from '#awarding/check-rules.js';
import { parseIssuer } from '#credentials/issuer/issuer-file.js';
import type { Diagnostic } from '#rules/diagnostic.js';
import type { IssuerRequest } from './follow-protocol.js';

/**
 * Publishes the profiles in issuer files, and makes the keys of their issuers where they have none; the same once more
 * changes nothing. Returns what is wrong with the files, which stay unpublished.
 */
export const publishIssuers = async (
  files: readonly RuleFile[],
  tenant: string,
  request: (request: IssuerRequest) => Promise<void>,
): Promise<readonly Diagnostic[]> => {
  const diagnostics: Diagnostic[] = [];
  const from = new Map<string, string>();
  for (const { file, text } of files) {
    const parsed = parseIssuer(text, file);
    if (!parsed.ok) {
      diagnostics.push(...parsed.diagnostics);
      continue;
    }
    const { issuer, profile } = parsed;
    const other = from.get(issuer);
    if (other !== undefined) {
      diagnostics.push({ file, line: 1, column: 1, message: `issuer "${issuer}" has a profile in ${other} already`, expected: 'one file for each issuer' });
      continue;
    }
    from.set(issuer, file);
    await request({ act: 'publish', tenant, issuer, profile });
    await request({ act: 'ready', tenant, issuer });
  }
  return diagnostics;
};
