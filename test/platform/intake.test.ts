import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { newFolder } from "./support/fixture";
import { endAll, startProcess } from "./support/platform-process";

/** POST and GET while the services behind them are slow, throttled or silent: always an answer of the function's own. */

afterAll(endAll);

const CLIENTS = 9;
const ORDERS = 60;

const DOCUMENTED = [200, 201, 404, 503];

const HANG_MS = 60_000;

it.each([
  ["a slow table", [{ service: "dynamodb", latency: { ms: 2_500 } }]],
  ["a table that does not answer", [{ service: "dynamodb", latency: { ms: HANG_MS } }]],
  ["a throttled table", [{ service: "dynamodb", error: "throttle" }]],
  [
    "a table that resets connections",
    [{ service: "dynamodb", probability: 0.5, error: "timeout-after-effect" }],
  ],
  [
    "a queue that does not answer",
    [{ service: "sqs", operation: "SendMessageBatch", latency: { ms: HANG_MS } }],
  ],
])("%s: many clients each get one of the documented answers", async (_, calls) => {
  const faults = join(newFolder(), "faults.json");
  writeFileSync(faults, JSON.stringify({ seed: 15, calls }));
  const platform = await startProcess(["--data", newFolder(), "--faults", faults, "--schedule", "off"]);
  const post = (client: number) =>
    fetch(`${platform.apiUrl}/orders`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        orders: Array.from({ length: ORDERS }, (_, index) => ({
          order_id: client * ORDERS + index + 1,
          product: "Product1",
          power: 2,
        })),
      }),
    });
  const answers = await Promise.all(
    Array.from({ length: CLIENTS }, async (_, client) => {
      const answer = await (client % 3 === 2 ? fetch(`${platform.apiUrl}/orders/1`) : post(client));
      return {
        status: answer.status,
        type: answer.headers.get("content-type"),
        retry: answer.headers.get("retry-after"),
      };
    }),
  );
  for (const { status, type, retry } of answers) {
    expect(DOCUMENTED).toContain(status);
    if (status >= 400) expect(type).toBe("application/problem+json");
    if (status === 503) expect(retry).not.toBeNull();
  }
  await platform.end("SIGKILL");
});
