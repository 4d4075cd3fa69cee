import { Controller, Get, Res } from '@nestjs/common';
import { ApiFoundResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Engine } from '../engine.js';
import { rootOf } from './access/own-path.js';
import { ForEverybody } from './access/permission.js';
import { InjectEngine } from './engine-token.js';

/** The bare address: the pages begin one step below it. */
@ApiTags('pages')
@ForEverybody()
@Controller()
export class BareAddressController {
  constructor(@InjectEngine() private readonly engine: Engine) {}

  /** Leads to the pages for people. */
  @Get()
  @ApiOperation({ summary: 'Leads to the pages for people' })
  @ApiFoundResponse({ description: 'Where the pages are.' })
  async lead(@Res() reply: FastifyReply): Promise<void> {
    await reply.redirect(`${rootOf(this.engine.config.publicUrl)}/app/`, 302);
  }
}
