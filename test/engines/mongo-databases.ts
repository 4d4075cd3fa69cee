import { randomUUID } from 'node:crypto';
import { MongoClient } from 'mongodb';

/** A name for a database that nobody has. */
export const newDatabase = (): string => `proofmark_${randomUUID().slice(0, 8)}`;

/** Drops databases of a server. */
export const dropDatabases = async (uri: string, databases: Iterable<string>): Promise<void> => {
  const client = new MongoClient(uri);
  for (const database of databases) await client.db(database).dropDatabase();
  await client.close();
};
