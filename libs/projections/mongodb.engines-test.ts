import { randomUUID } from 'node:crypto';
import { MongoClient } from 'mongodb';
import { readModelContract } from './contract.js';
import { openMongoReadModels } from './mongodb.js';

const uri = process.env['MONGODB_URI'] ?? '';

readModelContract('MongoDB', async () => {
  const database = `proofmark_${randomUUID().slice(0, 8)}`;
  let store = openMongoReadModels({ uri, database });
  return {
    store,
    openReader: async () => openMongoReadModels({ uri, database, readOnly: true }),
    restart: async () => {
      await store.close();
      store = openMongoReadModels({ uri, database });
      return store;
    },
    discard: async () => {
      await store.close();
      const client = new MongoClient(uri);
      await client.db(database).dropDatabase();
      await client.close();
    },
  };
});
