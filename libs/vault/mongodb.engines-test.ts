import { openMongoServer } from '#projections/mongodb.js';
import { describeOn } from '../../test/engines/describe-on.js';
import { dropDatabases, newDatabase } from '../../test/engines/mongo-databases.js';
import { vaultContract } from './contract.js';
import { mongoRecords } from './mongodb-records.js';
import { vaultOn, type VaultSecrets } from './sealed-vault.js';

/*
 * What FerretDB cannot show: that two programs cannot change one subject at the same instant (its updates are not atomic).
 */
const uri = process.env['MONGODB_URI'] ?? '';
describeOn(['MONGODB_URI'], 'the vault in MongoDB', () => {
  vaultContract('MongoDB', async (secrets) => {
    const database = newDatabase();
    const open = async (with_: VaultSecrets) => vaultOn(await mongoRecords(openMongoServer({ uri, database })), with_);
    let vault = await open(secrets);
    return {
      vault,
      openReader: () => open(secrets),
      restart: async (other = secrets) => {
        await vault.close();
        return (vault = await open(other));
      },
      bytes: async () => {
        const server = openMongoServer({ uri, database });
        const all = await server.find('vault', {}, { fields: ['tenant', 'kind', 'id', 'key', 'fields', 'marks'] });
        await server.close();
        return Buffer.from(JSON.stringify(all));
      },
      discard: async () => {
        await vault.close();
        await dropDatabases(uri, [database]);
      },
    };
  });
});
