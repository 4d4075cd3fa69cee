import { join } from 'node:path';
import { Controller, Get, Injectable, Param, Res } from '@nestjs/common';
import { ApiNotFoundResponse, ApiOkResponse, ApiOperation, ApiProduces, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CHECKPOINTS_DIR } from '#audit/auditing.js';
import { CheckpointFiles } from '#audit/checkpoint-files.js';
import { proofOfAward, type RecordProof } from '#audit/proof.js';
import { formatVerifierKey } from '#audit/signed-note.js';
import { ProofmarkError } from '#domain/errors.js';
import type { Engine } from '../engine.js';
import { AUDIT_DIR } from '../stages/auditing.js';
import { ForEverybody, May } from './access/permission.js';
import { InjectEngine } from './engine-token.js';
import { IdPipe } from './fields.js';
import { refuse } from './problem.js';
import { openToAll } from './public-documents.js';

const TEXT = 'text/plain; charset=utf-8';

const notYet = () => refuse('not-audited-yet', 'No signed checkpoint covers that yet. The engine signs one within about a minute.');

/** What the audit of the log has to show. */
@Injectable()
export class AuditRecords {
  readonly #dir: string;
  readonly #files: CheckpointFiles;

  constructor(@InjectEngine() private readonly engine: Engine) {
    this.#dir = join(engine.config.dataDir, AUDIT_DIR);
    this.#files = new CheckpointFiles(join(this.#dir, CHECKPOINTS_DIR));
  }

  /** A proof that an award of this tenant is in the log. @throws a problem: not found, not audited yet */
  async proofOf(award: string): Promise<RecordProof> {
    const { readModels, config } = this.engine;
    if ((await readModels.get('award', { award }))?.['tenant'] !== config.tenant) throw refuse('not-found', `There is no award "${award}".`);
    try {
      return await proofOfAward({ log: this.engine.store, dir: this.#dir }, award);
    } catch (error) {
      // The award is there, so what is not found is a checkpoint.
      if (error instanceof ProofmarkError && (error.code === 'NOT_FOUND' || error.code === 'NOT_CAUGHT_UP')) throw notYet();
      throw error;
    }
  }

  /** The newest checkpoint, as it was signed. @throws a problem: not audited yet */
  async checkpoint(): Promise<string> {
    const latest = await this.#files.latest();
    if (latest === undefined) throw notYet();
    return latest;
  }

  /** The public keys that sign checkpoints here, a line each. */
  async keys(): Promise<string> {
    return (await this.#files.keys()).map((key) => `${formatVerifierKey(key)}\n`).join('');
  }
}

/** Proofs for whoever has them checked elsewhere. */
@ApiTags('audit')
@Controller('v1')
export class AuditController {
  constructor(private readonly audit: AuditRecords) {}

  /** What goes with a credential to somebody who wants to know that the award was not put in later. */
  @May('award:read', { award: 'id' })
  @Get('awards/:id/proof')
  @ApiOperation({
    summary: 'Proof that an award is in the log',
    description: 'The record of the award, with the id of its learner and the decision trace, and the hashes that lead from it to a signed checkpoint (RFC 9162). `proofmark audit check-proof` checks it with the key of the log alone.',
  })
  @ApiOkResponse({ description: 'The proof.' })
  @ApiNotFoundResponse({ description: 'There is no such award.' })
  @ApiServiceUnavailableResponse({ description: 'No checkpoint covers the award yet.' })
  async proof(@Param('id', IdPipe) id: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<RecordProof> {
    const proof = await this.audit.proofOf(id);
    reply.headers({ 'cache-control': 'private, no-cache', 'content-disposition': `attachment; filename="${id}.proof.json"` });
    return proof;
  }

  /** Anybody may keep it: it holds hashes alone, and shows later whether the log was changed. */
  @ForEverybody()
  @Get('audit/checkpoint')
  @ApiOperation({ summary: 'The newest checkpoint of the log', description: 'A signed note (C2SP tlog-checkpoint): how many records there are, and the hashes that they come to.' })
  @ApiProduces('text/plain')
  @ApiOkResponse({ description: 'The note.' })
  @ApiServiceUnavailableResponse({ description: 'Nothing was signed yet.' })
  async checkpoint(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const note = await this.audit.checkpoint();
    openToAll(reply, TEXT, 0);
    return note;
  }

  /** For who checks proofs. */
  @ForEverybody()
  @Get('audit/keys')
  @ApiOperation({ summary: 'The keys that sign checkpoints', description: 'A line each (C2SP signed-note). Note them once, and compare: whoever can change the log can change this answer.' })
  @ApiProduces('text/plain')
  @ApiOkResponse({ description: 'The keys.' })
  async keys(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    openToAll(reply, TEXT, 0);
    return this.audit.keys();
  }
}
