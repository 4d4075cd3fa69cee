// A program: audits the credentials in the log of a data directory and prints what it finds as JSON, signatures included. It is none
// of the tests' own processes, since their kind of module is a hundred times slower for JSON-LD.
import { openEmbeddedReader } from '#event-store/embedded.js';
import { auditCredentials, verifyDocuments, type Audit } from './credential-audit.js';

/** What it prints. */
export interface AuditedLog extends Audit {
  /** How many documents were verified. */
  readonly documents: number;
}

const store = await openEmbeddedReader(process.argv[2] ?? '');
const audit = await auditCredentials(store);
const { documents, flaws } = await verifyDocuments(store);
const audited: AuditedLog = { ...audit, documents, flaws: [...audit.flaws, ...flaws] };
console.log(JSON.stringify(audited));
await store.close();
