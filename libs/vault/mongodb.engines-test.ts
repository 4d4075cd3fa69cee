import { describeOn } from '../../test/engines/describe-on.js';
import { dropDatabases, newDatabase } from '../../test/engines/mongo-databases.js';
import { openMongoServer } from '#projections/mongodb.js';
import { vaultContract } from './contract.js';
import { mongoVault } from './mongodb.js';

const uri = process.env['MONGODB_URI'] ?? '';
describeOn(['MONGODB_URI'], 'MongoDB', () => {
  vaultContract('MongoDB', async (secrets) => {
    const database = newDatabase();
    const open = (other = secrets) => mongoVault(openMongoServer({ uri, database }), other);
    let vault = open();
    return {
      vault,
      restart: async (other) => {
        await vault.close();
        return (vault = open(other));
      },
      openReader: async () => open(),
      bytes: async () => {
        const server = openMongoServer({ uri, database });
        const found = await server.find('vault', {}, { fields: ['id', 'key', 'fields', 'marks'] });
        await server.close();
        return Buffer.from(JSON.stringify(found));
      },
      discard: async () => {
        await vault.close();
        await dropDatabases(uri, [database]);
      },
    };
  });
});
