import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventStoreContract } from './contract.js';
import { openEmbedded } from './embedded.js';

const root = mkdtempSync(join(tmpdir(), 'proofmark-'));
afterAll(() => rmSync(root, { recursive: true }));
let stores = 0;

eventStoreContract('embedded', () => openEmbedded({ dir: join(root, `${++stores}`) }));
