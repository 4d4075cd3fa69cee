import { Inject } from '@nestjs/common';

const ENGINE = Symbol('engine');

/** Injects the running engine. */
export const InjectEngine = (): ParameterDecorator & PropertyDecorator => Inject(ENGINE);

/** The token under which the module provides the engine. */
export const ENGINE_TOKEN = ENGINE;
