import { InvalidArgumentError } from 'commander';

/** A number of things, as an option has it. @throws InvalidArgumentError for anything but a whole number above 0. */
export const wholeNumber = (text: string): number => {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('It must be a whole number above 0.');
};
