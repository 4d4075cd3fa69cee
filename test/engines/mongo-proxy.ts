import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A way to a MongoDB server that can break at a given command. */
export interface MongoProxy {
  /** Address for the driver. */
  readonly address: string;
  /** How many commands went through, those that keep the connection alive left out. */
  readonly commands: () => number;
  /**
   * Breaks every connection at the command of this number, counted from now, and lets none through from then on: before
   * the server sees the command, or when the server has done it and its reply is on the way.
   */
  readonly breakAt: (command: number, side: 'command' | 'reply') => void;
  /** Whether it broke. */
  readonly broken: () => boolean;
  readonly mend: () => void;
  readonly close: () => Promise<void>;
}

const [HEADER, OP_MSG] = [16, 2013];
/** Offset of a command's name: after the header, flags, the section's kind, the document's size and the element's type. */
const NAME = HEADER + 4 + 1 + 4 + 1;
const BESIDE: ReadonlySet<string> = new Set(['hello', 'isMaster', 'ismaster', 'ping', 'endSessions', 'buildInfo']);

const nameOf = (message: Buffer): string | undefined =>
  message.readInt32LE(12) === OP_MSG ? message.toString('utf8', NAME, message.indexOf(0, NAME)) : undefined;

/** Opens a proxy on the loopback interface before the server of "mongodb://host:port". */
export const openMongoProxy = async (uri: string): Promise<MongoProxy> => {
  const { hostname, port } = new URL(uri);
  const sockets = new Set<Socket>();
  let [count, breaking, broken] = [0, Infinity, false];
  let side: 'command' | 'reply' = 'command';

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
    const upstream = track(connect(Number(port), hostname));
    let last = false;
    let rest = Buffer.alloc(0);
    client.on('data', (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk]);
      while (rest.length >= HEADER && rest.length >= rest.readInt32LE(0)) {
        const message = rest.subarray(0, rest.readInt32LE(0));
        rest = rest.subarray(message.length);
        const name = nameOf(message);
        if (name !== undefined && !BESIDE.has(name) && ++count === breaking) {
          if (side === 'command') return breakAll();
          last = true;
        }
        upstream.write(message);
      }
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
  return {
    address: `mongodb://127.0.0.1:${address.port}`,
    commands: () => count,
    breakAt: (command, at) => {
      [count, breaking, side] = [0, command, at];
    },
    broken: () => broken,
    mend: () => {
      [broken, breaking] = [false, Infinity];
    },
    close: async () => {
      breakAll();
      server.close();
      await once(server, 'close');
    },
  };
};
