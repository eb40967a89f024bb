import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { json } from "node:stream/consumers";
import { join } from "node:path";
import * as t from "io-ts";
import { temporaryFolder } from "../support/temporary-folder";
import { runCommand } from "../support/process";

const Asked = t.type({ orders: t.array(t.type({ order_id: t.number })) });

/** An API that stores whatever it is sent. */
let asked = 0;
const server = createServer((request, response) => {
  void json(request).then((body) => {
    asked += 1;
    const orders = Asked.is(body) ? body.orders : [];
    response.writeHead(201).end(
      JSON.stringify({
        orders: orders.map(({ order_id }) => ({ order_id, outcome: "stored", status: "received" })),
      }),
    );
  });
}).listen(0, "127.0.0.1");
beforeAll(async () => {
  if (!server.listening) await once(server, "listening");
});
afterAll((done) => {
  server.close(done);
});

it("a file of forty megabytes takes no more memory than one of a few rows", async () => {
  const long = "x".repeat(2_000);
  const path = join(temporaryFolder("submit-memory"), "orders.csv");
  const rows = Array.from({ length: 20_000 }, (_, id) => `${id + 1},${long},2`);
  writeFileSync(path, ["order_id,product,power", ...rows].join("\n"));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const run = () =>
    runCommand("submit", [path, "--endpoint", `http://127.0.0.1:${port}`], {
      // A heap that all rows do not fit into.
      changes: { NODE_OPTIONS: "--max-old-space-size=56" },
    });
  expect(await run()).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("20000 stored, 0 replayed, 0 in conflict, 0 not stored"),
  });
  const before = asked;
  // Nothing is sent again, and the rows of the first run are read beside the file.
  expect(await run()).toMatchObject({
    code: 0,
    stderr: expect.stringContaining("20000 orders were stored before"),
  });
  expect(asked).toBe(before);
});
