import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { LOCAL } from "../../../console/aws/pace";
import { liveFeed } from "../../../console/server/feed";
import { isTaken, serveConsole, type Served } from "../../../console/server/server";
import type { Live } from "../../../console/shapes";
import { temporaryFolder } from "../../support/temporary-folder";

const pace = { ...LOCAL, everyMs: 1, longestMs: 1 };

let served: Served;
let page: string;
let rounds = 0;

const live = (): Promise<Live> => {
  rounds += 1;
  return Promise.resolve({ at: `round ${rounds}`, nodes: {}, orders: undefined });
};

const app = () =>
  Promise.resolve({
    answer: ({ pathname }: URL) => Promise.resolve({ status: 200, body: { pathname } }),
    change: ({ pathname }: URL, body: unknown) => Promise.resolve({ status: 200, body: { pathname, body } }),
    live,
  });

beforeAll(async () => {
  page = temporaryFolder("console");
  for (const file of ["index.html", "page.js", "page.css", "icon.svg"]) writeFileSync(join(page, file), file);
  served = await serveConsole({ port: 0, page, app, pace });
});

afterAll(() => served.close());

const get = (path: string) => fetch(`${served.url}${path}`);

it.each([
  ["/", "index.html", "text/html; charset=utf-8"],
  ["/orders/7", "index.html", "text/html; charset=utf-8"],
  ["/page.js", "page.js", "text/javascript; charset=utf-8"],
  ["/../package.json", "index.html", "text/html; charset=utf-8"],
])("serves %s as %s", async (path, content, type) => {
  const response = await get(path);
  expect(await response.text()).toBe(content);
  expect(response.headers.get("content-type")).toBe(type);
});

it.each(["/", "/api/map", "/nothing"])("lets %s run and load nothing from elsewhere", async (path) => {
  const policy = (await get(path)).headers.get("content-security-policy") ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/unsafe|https?:|\*/);
});

it("answers what it is asked", async () => {
  expect(await (await get("/api/orders/7")).json()).toEqual({ pathname: "/api/orders/7" });
});

it("lets its own pages alone change something, and reads what is JSON and short", async () => {
  const put = (origin: string, body: string) =>
    fetch(`${served.url}/api/faults/calls[0]`, { method: "PUT", body, headers: { origin } });
  const changed = await put(served.url, '{"on":true}');
  expect(await changed.json()).toEqual({ pathname: "/api/faults/calls[0]", body: { on: true } });
  for (const body of ["{", `"${"x".repeat(2_000)}"`])
    expect(await (await put(served.url, body)).json()).toEqual({ pathname: "/api/faults/calls[0]" });
  expect((await put("http://attacker.example", '{"on":true}')).status).toBe(403);
});

it("tells how things stand again and again, and reads nothing once nobody listens", async () => {
  const { body } = await get("/api/live");
  if (body === null) throw new Error("nothing came");
  let text = "";
  for await (const chunk of body) {
    text += Buffer.from(chunk).toString();
    if (/round 3"/.test(text)) break;
  }
  expect(text).toMatch(/^retry: 1000\n\ndata: \{"at":"round 1"/);
  const settled = async (): Promise<number> => {
    const before = rounds;
    await new Promise((resolve) => setTimeout(resolve, 50));
    return rounds === before ? rounds : settled();
  };
  expect(await settled()).toBeGreaterThanOrEqual(3);
});

it("says that its port is taken", async () => {
  const port = Number(new URL(served.url).port);
  const error: unknown = await serveConsole({ port, page, app, pace }).catch((thrown: unknown) => thrown);
  expect(isTaken(error)).toBe(true);
});

it("asks less and less often while AWS is in trouble, and as before once it answers", async () => {
  jest.useFakeTimers({ doNotFake: ["nextTick", "queueMicrotask"] });
  const asked: number[] = [];
  const began = Date.now();
  const read = (): Promise<Live> => {
    asked.push((Date.now() - began) / 1_000);
    const trouble = asked.length < 5 ? { trouble: "AWS throttles" } : {};
    return Promise.resolve({ at: "now", nodes: {}, orders: undefined, ...trouble });
  };
  const feed = liveFeed({ read, pace: { everyMs: 10_000, longestMs: 60_000 } });
  const listener = Object.assign(new PassThrough(), { writeHead: () => undefined });
  feed.join(listener);
  await jest.advanceTimersByTimeAsync(250_000);
  feed.close();
  jest.useRealTimers();
  expect(asked).toEqual([0, 20, 60, 120, 180, 190, 200, 210, 220, 230, 240, 250]);
});
