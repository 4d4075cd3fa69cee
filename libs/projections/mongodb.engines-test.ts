import { describeOn } from '../../test/engines/describe-on.js';
import { dropDatabases, newDatabase } from '../../test/engines/mongo-databases.js';
import { readModelContract } from './contract.js';
import { openMongoReadModels } from './mongodb.js';

/*
 * FerretDB passes every case. What it cannot show, whatever passes: that the adapter asks for a majority and for what a
 * majority has (it takes note of neither), that queries use the indexes (it reads the collection), and that two programs
 * cannot raise one document at the same instant (its updates are not atomic; its inserts, on which commits rest, are).
 */
const uri = process.env['MONGODB_URI'] ?? '';
describeOn(['MONGODB_URI'], 'MongoDB', () => {
  readModelContract('MongoDB', async () => {
    const database = newDatabase();
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
        await dropDatabases(uri, [database]);
      },
    };
  });
});
