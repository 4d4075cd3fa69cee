/** What is written in braces: members that are undefined are left out. */
export interface YamlMembers {
  readonly [name: string]: YamlValue | undefined;
}
export type YamlValue = string | number | boolean | readonly string[] | YamlMembers;

/** Words that YAML, or an older reader of it, takes for something else than text. */
const TAKEN = /^(true|false|null|yes|no|on|off|y|n)$/i;
/** Text that is read back as it is, within braces too; a colon within a time has no space after it. */
const PLAIN = /^\p{L}[\p{L}\p{N}_./+-]*( [\p{L}\p{N}_.+-][\p{L}\p{N}_./+-]*(:\p{N}+)?)*$/u;
const INSTANT = /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/;

/** A text as YAML has it, in quotes where it has to be. */
export const yamlText = (text: string): string => ((PLAIN.test(text) && !TAKEN.test(text)) || INSTANT.test(text) ? text : JSON.stringify(text));

/** A value on one line. */
export const yamlFlow = (value: YamlValue): string => {
  if (typeof value === 'string') return yamlText(value);
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return `[${(value as readonly string[]).map(yamlText).join(', ')}]`;
  const members = Object.entries(value as YamlMembers).flatMap(([name, member]) => (member === undefined ? [] : [`${yamlText(name)}: ${yamlFlow(member)}`]));
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
};
