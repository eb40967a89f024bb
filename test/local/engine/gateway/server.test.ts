import { execFile } from "node:child_process";
import type { Server } from "node:http";
import { createConnection, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import {
  bodyOf,
  headersOf,
  type Limits,
  listen,
  LOOPBACK,
  repeatedHeader,
  respond,
} from "../../../../local/engine/gateway/server";

const LIMIT = 64 * 1024;
const servers: Server[] = [];
const sockets: Socket[] = [];

/** A server that echoes a body's length, and takes none above a limit. */
const serve = async (limits?: Limits): Promise<number> => {
  const { server, port } = await listen(
    0,
    LOOPBACK,
    async (request, response) => {
      const body = await bodyOf(request, LIMIT);
      respond(request, response, {
        status: body === undefined ? 413 : 200,
        headers: {},
        body: Buffer.from(body === undefined ? "too large" : String(body.length)),
      });
    },
    limits,
  );
  servers.push(server);
  return port;
};
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** What a server says to what is written to it, until it closes the connection. */
const said = (port: number, written: string): Promise<string> => {
  const socket = createConnection(port, LOOPBACK);
  sockets.push(socket);
  socket.on("error", () => undefined);
  if (written !== "") socket.write(written);
  return text(socket).catch(() => "");
};

describe("requests that take their time", () => {
  const limits = { requestMs: 300, headersMs: 200, connections: 100 };
  it.each([
    ["a body that stops halfway", "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\nhalf"],
    [
      "a chunked body without an end",
      "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n",
    ],
    ["headers that stop halfway", "POST / HTTP/1.1\r\nhost: a\r\nx-half"],
  ])("%s is cut off with 408, however many there are", async (_, written) => {
    const port = await serve(limits);
    const answers = await Promise.all(Array.from({ length: 50 }, () => said(port, written)));
    expect(new Set(answers.map((answer) => answer.slice(0, 12)))).toEqual(new Set(["HTTP/1.1 408"]));
  });

  it("a connection that never says anything is closed", async () => {
    await expect(said(await serve(limits), "")).resolves.toMatch(/^(HTTP\/1.1 408|$)/);
  });

  it("connections above the bound are closed at once, and the others answered", async () => {
    const port = await serve({ requestMs: 60_000, headersMs: 60_000, connections: 2 });
    const held = Array.from({ length: 2 }, () => said(port, "POST / HTTP/1.1\r\n"));
    expect(await said(port, "")).toBe("");
    sockets[0]?.end("host: a\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
    expect(await held[0]).toMatch(/^HTTP\/1.1 200/);
  });
});

/** What fetch answers ten times in a process of its own: in the server's, it would wait for the server's work. */
const fetched = async (url: string, body: string): Promise<unknown> => {
  const script = `
    const once = () => fetch(${JSON.stringify(url)}, { method: "POST", duplex: "half", body: ${body} }).then(
      ({ status }) => status, ({ cause }) => cause.code);
    (async () => { const all = []; while (all.length < 10) all.push(await once()); console.log(JSON.stringify(all)); })()`;
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", script]);
  return JSON.parse(stdout);
};

describe("a body that is too large gets its 413 in Node's own fetch, never a broken pipe", () => {
  it.each([
    ["as a whole", "Buffer.alloc(32 * 1024 * 1024)"],
    ["in chunks without a length", "new Blob([Buffer.alloc(32 * 1024 * 1024)]).stream()"],
  ])(
    "sent %s",
    async (_, body) => {
      const answers = await fetched(`http://${LOOPBACK}:${await serve()}/`, body);
      expect(answers).toEqual(Array.from({ length: 10 }, () => 413));
    },
    30_000,
  );
});

describe("a request's headers", () => {
  const raw = (...rawHeaders: string[]) => ({ rawHeaders });
  it("are one where they are repeated, with every value", () => {
    expect(
      headersOf(raw("X-A", "1", "x-a", "2", "Cookie", "a=1", "cookie", "b=2", "User-Agent", "u")),
    ).toEqual({
      "x-a": "1,2",
      cookie: "a=1; b=2",
      "user-agent": "u",
    });
  });
  it("may be named as everything has", () => {
    expect(Object.entries(headersOf(raw("__proto__", "1", "constructor", "2")))).toEqual([
      ["__proto__", "1"],
      ["constructor", "2"],
    ]);
  });
  it.each([
    "Authorization",
    "Host",
    "Content-Type",
    "Content-Length",
    "Transfer-Encoding",
    "Date",
    "X-Amz-Date",
    "X-Amz-Security-Token",
    "X-Amz-Content-Sha256",
    "X-Amz-Target",
  ])("cannot have two %s", (name) => {
    expect(repeatedHeader(raw(name, "1"))).toBeUndefined();
    expect(repeatedHeader(raw(name, "1", "accept", "*/*", name.toUpperCase(), "1"))).toBe(name.toLowerCase());
  });
  it("can have two of what is a list", () => {
    expect(
      repeatedHeader(raw("accept", "a", "accept", "b", "x-amz-meta-a", "1", "x-amz-meta-a", "2")),
    ).toBeUndefined();
  });
});
