import { createRequire } from 'node:module';

interface IconFile {
  readonly icons: Readonly<Record<string, { readonly body: string }>>;
  readonly aliases: Readonly<Record<string, { readonly parent: string }>>;
}

let file: IconFile | undefined;
const iconFile = (): IconFile => (file ??= createRequire(import.meta.url)('@iconify-json/lucide/icons.json') as IconFile);
const own = <T>(record: Readonly<Record<string, T>>, name: string): T | undefined => (Object.hasOwn(record, name) ? record[name] : undefined);

/** The lines of a Lucide icon in a box of 24 by 24, without colour or width; undefined where there is none of that name. */
export const lucideIcon = (name: string): string | undefined => {
  const { icons, aliases } = iconFile();
  const body = own(icons, own(aliases, name)?.parent ?? name)?.body;
  return body?.replace(/ (?:stroke|stroke-width|stroke-linecap|stroke-linejoin|fill)="[^"]*"/g, '');
};
