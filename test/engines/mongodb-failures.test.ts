import { MongoBulkWriteError, MongoNetworkError, MongoServerError, type BulkWriteResult } from 'mongodb';
import { mongoFailure } from '#projections/mongodb.js';

const socketError = (): Error => Object.assign(new Error('write ECONNRESET'), { code: 'ECONNRESET', errno: -104, syscall: 'write' });
const ofBatch = (error: ConstructorParameters<typeof MongoBulkWriteError>[0]): MongoBulkWriteError => new MongoBulkWriteError(error, {} as BulkWriteResult);

describe('an error of the MongoDB driver', () => {
  it.each([
    ['of the network', new MongoNetworkError('gone')], ['of the socket itself', socketError()], ['of the socket, in a batch of writes', ofBatch(socketError() as never)],
    ['of the network, in a batch of writes', ofBatch(new MongoNetworkError('gone') as never)], ['of a server that shuts down', new MongoServerError({ message: 'shutting down', code: 91 })],
  ])('is that it cannot be reached: %s', (_what, error) => expect(mongoFailure(error)).toMatchObject({ code: 'STORE_UNAVAILABLE', cause: expect.anything() as unknown }));

  it.each([
    ['an answer', new MongoServerError({ message: 'no such command', code: 59 })], ['an answer to a batch', ofBatch({ message: 'no', code: 121, writeErrors: [] })], ['of nobody knows what', new Error('odd')],
  ])('is a failure for good: %s', (_what, error) => expect(mongoFailure(error)).toMatchObject({ code: 'STORE_FAILED' }));
});
