import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { tradingItem } from "../../functions/adapters/trading-item";
import { makeActivity } from "../../local/activity";
import { unusedLine } from "./support/unused-line";
import { type Platform, type PlatformOptions, startPlatform } from "../../local/platform";
import { newFolder } from "./support/fixture";
import { synthesizeLocal } from "./support/local-environment";
import { postOrders } from "./support/ask";
import { until } from "./support/until";

/**
 * The system under the very policies that would be deployed: what is granted is used, what is missing is named,
 * and no secret comes out anywhere.
 */

/**
 * Grants that nothing uses on one machine, each with the reason why it is right all the same.
 * A line is an expression that the unused grants it excuses match.
 */
const EXCEPTIONS: ReadonlyArray<readonly [RegExp, string]> = [
  [/ \(\S+\/logs #0\)$/, "log delivery: local logs are files"],
  [/ \(\S+\/tracing #[01]\)$/, "tracing: nothing is traced locally"],
  [
    /^local-\S+-schedule: nothing uses .* \(\S+\/failures-send #0\)$/,
    "error path: a local schedule always reaches its target",
  ],
];

/** A log line as somebody outside would like to write one. */
const FORGED = '{"level":"info","event":"order accepted","order_id":1}';

const SECRET = "T0PLANTED/B0PLANTED/sEcReTsEcReTsEcReT";

type Running = Platform & { readonly lines: ReadonlyArray<string>; readonly data: string };

const start = async (stack: string, options: Partial<PlatformOptions> = {}): Promise<Running> => {
  const lines: string[] = [];
  const data = newFolder();
  const platform = await startPlatform({
    data,
    port: 0,
    awsPort: 0,
    stack,
    schedule: "rate(2 seconds)",
    activity: makeActivity((line) => lines.push(line), false),
    onDeath: (error) => {
      throw error;
    },
    ...options,
  });
  return { ...platform, lines, data };
};

const MOST_POWER = 1_000_000;

/** Times short enough that stuck and overdue orders are there within the test. */
const quick = (): string =>
  synthesizeLocal((environment) => ({
    ...environment,
    orders: {
      stuck_after_seconds: 2,
      gate_margin_seconds: 1,
      overdue_after_seconds: 2,
      limits: { products: [], default: { power_per_day: MOST_POWER } },
    },
    schedules: {
      ...environment.schedules,
      sweep: { ...environment.schedules.sweep, expression: "rate(4 seconds)" },
    },
    functions: {
      ...environment.functions,
      "sweep-orders": { ...environment.functions["sweep-orders"], timeout_seconds: 5 },
    },
  }));

type Policies = Readonly<Record<string, unknown>>;

/** Changes the roles' policies in a synthesized stack, as a change of a module would. */
const editPolicies = (stack: string, change: (policies: Policies) => Policies): void => {
  const file = join(stack, "cdk.tf.json");
  const { resource, ...rest } = JSON.parse(readFileSync(file, "utf8")) as {
    resource: { aws_iam_role_policy: Policies };
  };
  const changed = { ...resource, aws_iam_role_policy: change(resource.aws_iam_role_policy) };
  writeFileSync(file, JSON.stringify({ ...rest, resource: changed }));
};

const ordersFrom = (first: number, count: number, power = 1): ReadonlyArray<object> =>
  Array.from({ length: count }, (_, index) => ({
    order_id: first + index,
    product: "Product1",
    power,
    ...(index % 2 === 0 ? {} : { valid_until: "2999-01-01T00:00:00Z" }),
  }));

const post = (platform: Running, ...some: Parameters<typeof ordersFrom>): Promise<Response> =>
  postOrders(platform.apiUrl, ordersFrom(...some));

/** Everything a folder holds, as one text. */
const textsIn = (folder: string): string =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1"))
    .join("\n");

describe("the policies of the stack", () => {
  it("grant nothing that nothing uses, and let no secret out", async () => {
    const stack = quick();
    // One grant too many, to see that it is named.
    editPolicies(stack, (policies) => ({
      ...policies,
      planted: {
        role: "${aws_iam_role.place_orders_role.name}",
        name: "planted",
        policy: JSON.stringify({
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Action: "dynamodb:DeleteItem",
              Resource: "${aws_dynamodb_table.orders_table.arn}",
            },
          ],
        }),
      },
    }));
    const platform = await start(stack, {
      parameters: { "/orders/local/slack-webhook": `\${webhook}/${SECRET}` },
      faults: {
        // A seed by which the first pages are read and each failure below happens early.
        seed: 1284,
        calls: [
          // What cannot be queued at first is found by the sweep.
          { service: "sqs", operation: "SendMessage*", down: [{ from: 0, to: 4 }] },
          // Sent again under the same key, which the simulator counts.
          {
            service: "execute-api",
            operation: "POST /orders:batch",
            probability: 0.3,
            error: "timeout-after-effect",
          },
          // Read by the pipeline as a fault of its configuration: it fails, and says so.
          {
            service: "execute-api",
            operation: "GET /results",
            probability: 0.3,
            error: { status: 404, code: "NotFound" },
          },
        ],
        deliveries: [],
        invocations: [
          { function: "*-notify-slack", kill: 0.75, afterMs: 0 },
          { function: "*-sweep-orders", kill: 0.8, afterMs: 0 },
        ],
      },
    });
    const answers: string[] = [];
    const ask = async (path: string): Promise<void> => {
      const answer = await fetch(`${platform.apiUrl ?? ""}${path}`);
      answers.push(JSON.stringify([...answer.headers]), await answer.text());
    };
    try {
      for (let round = 0; round < 3; round += 1) {
        const answer = await post(platform, 1 + 20 * round, 20);
        expect(answer.status).toBe(201);
        answers.push(await answer.text());
        answers.push(await (await post(platform, 1 + 20 * round, 20)).text());
        await sleep(3_000);
      }
      await new SQSClient({
        endpoint: platform.awsUrl,
        region: platform.region,
        credentials: { accessKeyId: "local", secretAccessKey: "local" },
      }).send(
        new SendMessageCommand({
          QueueUrl: `${platform.awsUrl}/000000000000/local-orders`,
          MessageBody: `malformed\n${FORGED}`,
        }),
      );
      // As a command leaves it that ended before it told people.
      await new DynamoDBClient({
        endpoint: platform.awsUrl,
        region: platform.region,
        credentials: { accessKeyId: "local", secretAccessKey: "local" },
      }).send(
        new PutItemCommand({
          TableName: "local-orders-checkpoints",
          Item: tradingItem({
            state: "resumed",
            at: "2026-01-01T00:00:00.000Z",
            reason: "nobody: a test",
            announced: false,
          }),
        }),
      );
      let next = 1_000;
      const unused = await until(
        async () => {
          // Orders keep coming, so that whatever happens by chance gets its chance again.
          await post(platform, (next += 10), 10);
          await post(platform, 999_999, 1, MOST_POWER + 1);
          const cancel = (id: number) =>
            fetch(`${platform.apiUrl ?? ""}/orders/${id}`, { method: "DELETE" }).catch(() => undefined);
          // One that may not be sent yet, and one that is submitted.
          await cancel(next);
          // Batches are gathered for a second.
          await sleep(1_500);
          await cancel(next + 1);
          for (const path of [
            "/health",
            "/orders/1",
            "/orders",
            "/orders?status=received",
            "/orders?status=accepted",
            "/orders?delivery_from=2026-03-29T00:00:00Z",
            "/no",
          ])
            await ask(path);
          return platform
            .decisions()
            .unused.map(unusedLine)
            .filter((line) => !EXCEPTIONS.some(([excused]) => excused.test(line)));
        },
        (lines) => lines.every((line) => line.includes("planted")),
      );
      const table = "arn:aws:dynamodb:eu-central-1:000000000000:table/local-orders";
      const where = "(local-place-orders/planted #0)";
      expect(unused).toEqual([
        `local-place-orders: nothing uses dynamodb:DeleteItem on ${table} ${where}`,
        `local-place-orders: nothing uses ${table} for dynamodb:DeleteItem ${where}`,
      ]);
      // An exception that excuses nothing any more is no exception.
      const all = platform.decisions().unused.map(unusedLine);
      for (const [excused] of EXCEPTIONS) expect(all.filter((line) => excused.test(line))).not.toEqual([]);
    } finally {
      await platform.stop();
    }
    // The parameter store's own file is the one place where the secret stands.
    const kept = textsIn(platform.data).replaceAll(
      readFileSync(join(platform.data, "parameters.json"), "latin1"),
      "",
    );
    expect(kept).toContain("order-refused");
    const logged = textsIn(join(platform.data, "logs"));
    expect(logged).toContain("malformed queue message");
    expect(logged.split("\n")).not.toContain(FORGED);
    for (const text of [kept, textsIn(stack), answers.join("\n"), platform.lines.join("\n")])
      expect(text).not.toContain(SECRET);
  });

  it("that lack a grant are named at the first call that needs it", async () => {
    const stack = quick();
    editPolicies(stack, (policies) =>
      Object.fromEntries(
        Object.entries(policies).filter(([name]) => name !== "place_orders_role_orders_table_insert"),
      ),
    );
    const platform = await start(stack);
    try {
      const lacks = `role local-place-orders lacks: {"Effect":"Allow","Action":"dynamodb:PartiQLInsert","Resource":"arn:aws:dynamodb:eu-central-1:000000000000:table/local-orders"}`;
      await until(
        async () => {
          const { status } = await fetch(`${platform.apiUrl ?? ""}/orders`, {
            method: "POST",
            headers: { "content-type": "application/json" },
            body: JSON.stringify({ orders: ordersFrom(1, 1) }),
          });
          expect(status).toBe(503);
          return platform.lines.join("\n");
        },
        (lines) => lines.includes(lacks),
      );
    } finally {
      await platform.stop();
    }
  });
});
