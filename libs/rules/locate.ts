import { openYaml, Report } from './yaml-reader.js';

/** Keys, and places in lists, that lead to a value of a file. */
export type Keys = readonly (string | number)[];

/** A place in a file. */
export interface Place {
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

const START: Place = { line: 1, column: 1 };

/** Looks up where the values of a YAML text stand; of keys that are not there, the place of the last one that is. */
export const locator = (text: string): ((keys: Keys) => Place) => {
  const report = new Report('');
  const root = openYaml(text, report);
  return (keys) => {
    if (!root) return START;
    const { line, column } = report.diagnostic(root.at(keys).offset, '');
    return { line, column };
  };
};
