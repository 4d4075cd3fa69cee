import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite';

/** Opens a SQLite file and sets its pragmas in the order given. */
export const openSqlite = (
  file: string,
  options: { readonly readOnly?: boolean; readonly pragmas: Readonly<Record<string, string | number>> },
): DatabaseSyncInstance => {
  const db = new DatabaseSync(file, { readOnly: options.readOnly ?? false });
  for (const [name, value] of Object.entries(options.pragmas)) db.exec(`pragma ${name} = ${value}`);
  return db;
};
