import { connect, type Socket } from "node:net";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { type Row, zero } from "./audit";
import { random } from "./random";

const PATIENCE_MS = 3_000;

const head = (length: number): string =>
  `POST /orders HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n`;

/** Clients that never complete a valid request: no order may come of them. */
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

/** Clients that are slow, or stop in the middle of a request, until stopped. */
export const rudeClients = (port: number, seed: number) => {
  let stopped = false;
  const client = async (name: string): Promise<void> => {
    const draw = random(seed, name);
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
  const running = Promise.all(["rude 1", "rude 2", "rude 3"].map(client));
  return {
    stop: async (): Promise<void> => {
      stopped = true;
      await running;
    },
  };
};

/** The platform gives a request 30 s; a busy machine may take much longer to see that they are over. */
const CUT_OFF_WITHIN_MS = 180_000;

/** Requests of which half is sent and the rest never is. Returns how many of them the platform never cut off. */
export const halfSent = (port: number): (() => Promise<Row>) => {
  const left = [head(1_000).slice(0, 60), head(1_000), `${head(1_000)}{"orders":[`].map(async (half) => {
    const socket = connect(port, "127.0.0.1");
    // Nothing is read without it, the end of the connection neither.
    socket.on("error", () => {}).resume();
    const closed = new Promise<boolean>((resolve) => socket.once("close", () => resolve(false)));
    socket.write(half);
    const waited = new AbortController();
    const open = await Promise.race([closed, sleep(CUT_OFF_WITHIN_MS, true, waited).catch(() => true)]);
    waited.abort();
    socket.destroy();
    return open;
  });
  return async () => zero("not cut off", (await Promise.all(left)).filter(Boolean).length);
};
