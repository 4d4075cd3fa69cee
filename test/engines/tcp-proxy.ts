import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A way through to a server that can be cut. */
export interface TcpProxy {
  readonly port: number;
  /** Connections that were accepted so far. */
  readonly accepted: () => number;
  /** Bytes that came back from the server so far, swallowed ones included. */
  readonly answered: () => number;
  /** Ends all connections at once; new ones are taken. */
  readonly cut: () => void;
  /** Ends all connections and refuses new ones, until `resume`. */
  readonly refuse: () => void;
  /** From now on what the server answers does not come through, until `resume`. */
  readonly swallow: () => void;
  readonly resume: () => void;
  readonly close: () => Promise<void>;
}

/** Listens on a free port of loopback and passes everything on to a server. */
export const startTcpProxy = async (host: string, port: number): Promise<TcpProxy> => {
  const open = new Set<Socket>();
  let accepted = 0;
  let answered = 0;
  let refusing = false;
  let swallowing = false;
  const server = createServer((near) => {
    if (refusing) return void near.resetAndDestroy();
    accepted += 1;
    const far = connect(port, host);
    for (const [from, to] of [[near, far], [far, near]] as const) {
      open.add(from);
      from.setNoDelay(true);
      from.on('data', (bytes: Buffer) => {
        if (from === far) answered += bytes.length;
        if (from === far && swallowing) return;
        if (!to.write(bytes)) {
          from.pause();
          to.once('drain', () => from.resume());
        }
      });
      from.on('error', () => to.destroy());
      from.on('close', () => {
        open.delete(from);
        to.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = (): void => {
    for (const socket of open) socket.resetAndDestroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    accepted: () => accepted,
    answered: () => answered,
    cut,
    refuse: () => {
      refusing = true;
      cut();
    },
    swallow: () => {
      swallowing = true;
    },
    resume: () => {
      refusing = false;
      swallowing = false;
    },
    close: async () => {
      server.close();
      cut();
      await once(server, 'close');
    },
  };
};
