import json from '../../../../rules/rule.schema.json';
import { openSchema } from './schema.ts';

/** The schema of rule files, as this version of the program reads them. */
export const RULE_SCHEMA = openSchema(json);
