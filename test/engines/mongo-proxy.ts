import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A way to a MongoDB server that can break at a given command. */
export interface MongoProxy {
  /** Address for the driver. */
  readonly address: string;
  /**
   * Breaks every connection at the command of this number, counted from now, and lets none through from then on: before
   * the server sees the command, or when the server has done it and its reply is on the way.
   */
  readonly breakAt: (command: number, side: 'command' | 'reply') => void;
  /** Whether it broke. */
  readonly broken: () => boolean;
  /** Lets connections through again. */
  readonly mend: () => void;
  /** Keeps back the command of this number, counted from now, and what follows it on its connection; tells when it came. */
  readonly holdAt: (command: number) => Promise<void>;
  /** Lets through what was kept back; false where nothing was. */
  readonly release: () => boolean;
  readonly close: () => Promise<void>;
}

const [HEADER, OP_MSG] = [16, 2013];
/** Offset of a command's name: after the header, flags, the section's kind, the document's size and the element's type. */
const NAME = HEADER + 4 + 1 + 4 + 1;
const BESIDE: ReadonlySet<string> = new Set(['hello', 'isMaster', 'ismaster', 'ping', 'endSessions', 'buildInfo']);

const nameOf = (message: Buffer): string | undefined =>
  message.readInt32LE(12) === OP_MSG ? message.toString('utf8', NAME, message.indexOf(0, NAME)) : undefined;

/** Opens a proxy on the loopback interface before the one server of "mongodb://host:port", which has no TLS. */
export const openMongoProxy = async (uri: string): Promise<MongoProxy> => {
  const through = new URL(uri);
  const { hostname, port } = through;
  const sockets = new Set<Socket>();
  let [count, breaking, broken] = [0, Infinity, false];
  let side: 'command' | 'reply' = 'command';
  let [holding, onHold, letGo] = [Infinity, (): void => undefined, undefined as (() => void) | undefined];

  const breakAll = (): void => {
    broken = true;
    for (const socket of sockets) socket.destroy();
  };
  const track = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy()); // a broken connection is what this is for
    return socket;
  };
  const server = createServer((client) => {
    if (broken) return void client.destroy();
    track(client);
    const upstream = track(connect(Number(port || 27017), hostname));
    let [last, held] = [false, false];
    let rest = Buffer.alloc(0);
    const forward = (): void => {
      while (!held && rest.length >= HEADER && rest.length >= rest.readInt32LE(0)) {
        const message = rest.subarray(0, rest.readInt32LE(0));
        rest = rest.subarray(message.length);
        const name = nameOf(message);
        const counted = name !== undefined && !BESIDE.has(name);
        if (counted) count++;
        if (counted && count === breaking) {
          if (side === 'command') return breakAll();
          last = true;
        }
        if (counted && count === holding) {
          held = true;
          letGo = () => {
            held = false;
            upstream.write(message);
            forward();
          };
          return onHold();
        }
        upstream.write(message);
      }
    };
    client.on('data', (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk]);
      forward();
    });
    upstream.on('data', (chunk: Buffer) => {
      if (last) return breakAll();
      client.write(chunk);
    });
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  through.host = `127.0.0.1:${address.port}`;
  through.searchParams.set('directConnection', 'true'); // else a replica set tells where its members are
  return {
    address: through.href,
    breakAt: (command, at) => {
      [count, breaking, side] = [0, command, at];
    },
    broken: () => broken,
    mend: () => {
      [broken, breaking] = [false, Infinity];
    },
    holdAt: (command) =>
      new Promise((resolve) => {
        [count, holding, onHold] = [0, command, resolve];
      }),
    release: () => {
      const go = letGo;
      [holding, letGo] = [Infinity, undefined];
      go?.();
      return go !== undefined;
    },
    close: async () => {
      breakAll();
      server.close();
      await once(server, 'close');
    },
  };
};
