import { connect, type Socket } from "node:net";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

const PATIENCE_MS = 3_000;

const head = (length: number): string =>
  `POST /orders HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n`;

/** Ways of a client that never completes a valid request: not one order may come of them. */
const WAYS: ReadonlyArray<(socket: Socket) => Promise<void>> = [
  async (socket) => {
    socket.write(head(1_000));
    socket.write('{"orders":[{"order_id":999999999,');
    await sleep(PATIENCE_MS);
  },
  async (socket) => {
    const body = '{"orders":[{"order_id":999999998,"product":"slow"}]}';
    socket.write(head(body.length));
    for (const character of body) {
      socket.write(character);
      await sleep(20);
    }
    await sleep(PATIENCE_MS / 3);
  },
  async (socket) => {
    socket.write(head(1_000).slice(0, 60));
    await sleep(PATIENCE_MS / 2);
  },
];

/** Clients that are slow, or stop in the middle of a request, until they are told to end. */
export const rudeClients = (port: number, draw: () => number) => {
  let stopped = false;
  const client = async (): Promise<void> => {
    while (!stopped) {
      const way = WAYS[Math.floor(draw() * WAYS.length)];
      const socket = connect(port, "127.0.0.1");
      // The platform is killed now and then, and hangs up on them when it has waited long enough.
      const closed = once(socket, "close").catch(() => {});
      socket.on("error", () => {});
      await Promise.race([way?.(socket), closed]);
      socket.destroy();
      await sleep(100);
    }
  };
  const running = Promise.all([client(), client(), client()]);
  return {
    stop: async (): Promise<void> => {
      stopped = true;
      await running;
    },
  };
};
