import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { GetQueueUrlCommand, PurgeQueueCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import * as t from "io-ts";
import { CHECKS } from "../../cli/smoke/report";
import { makeCertificate } from "../deploy/cloud/certificate";
import { newFolder } from "./support/fixture";
import { endAll, type PlatformProcess, startProcess } from "./support/platform-process";
import { until } from "./support/until";
import { type Finished, runCommand } from "../support/process";

/** The smoke check as it is run after a deployment, on a running platform. */

const Report = t.type({
  ok: t.boolean,
  order_id: t.number,
  checks: t.array(t.type({ name: t.string, result: t.string, detail: t.string })),
});
type Report = t.TypeOf<typeof Report>;

const run = (args: ReadonlyArray<string>, changes: NodeJS.ProcessEnv = {}): Promise<Finished> =>
  runCommand("smoke", args, { changes });

/** Checks the local environment of a platform; the report is what `--json` wrote. */
const smoke = async (
  { apiUrl, awsUrl }: PlatformProcess,
  env: NodeJS.ProcessEnv = {},
  ...args: string[]
): Promise<Finished & { readonly report: Report }> => {
  const file = join(newFolder(), "smoke.json");
  const ran = await run(
    [
      "local",
      "--api",
      apiUrl,
      "--endpoint",
      awsUrl,
      "--poll-ms",
      "250",
      "--timeout",
      "60",
      "--json",
      file,
      ...args,
    ],
    env,
  );
  const report: unknown = JSON.parse(readFileSync(file, "utf8"));
  if (!Report.is(report)) throw new Error(`not a report: ${JSON.stringify(report)}`);
  return { ...ran, report };
};

const resultsOf = ({ checks }: Report): Readonly<Record<string, string>> =>
  Object.fromEntries(checks.map(({ name, result }) => [name, result]));
const all = (result: string) => Object.fromEntries(CHECKS.map((name) => [name, result]));

const notifications = (data: string): ReadonlyArray<string> => {
  const file = join(data, "notifications.jsonl");
  return existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean) : [];
};

afterAll(endAll);

describe("the smoke check of an environment with the simulator", () => {
  let platform: PlatformProcess;
  const data = newFolder();

  beforeAll(async () => {
    // No schedule: the check itself asks for results.
    platform = await startProcess(["--data", data, "--schedule", "off"]);
  });

  it("follows a test order to the archive, says so line by line, and alarms nobody", async () => {
    const { code, stdout, report } = await smoke(platform);
    expect(resultsOf(report)).toEqual(all("ok"));
    expect(code).toBe(0);
    for (const name of CHECKS) expect(stdout).toMatch(new RegExp(`^ok +${name} +\\d+\\.\\d s`, "m"));
    expect(stdout).toContain("12 of 12 checks held");
    expect(stdout).toContain(`order ${report.order_id}`);
    expect(notifications(data)).toEqual([]);
  });

  it("uses the names it is given, and says which part of the environment is not as it should be", async () => {
    const { code, report, stdout } = await smoke(platform, {
      DYNAMODB_TABLE_NAME: "local-elsewhere",
      SNS_TOPIC_ARN: "arn:aws:sns:eu-central-1:000000000000:local-elsewhere",
    });
    expect(code).toBe(1);
    expect(resultsOf(report)).toMatchObject({
      "order read": "ok",
      "order in the table": "failed",
      "order decided": "skipped",
      "notifications subscribed": "failed",
      "results pipeline succeeded": "ok",
    });
    expect(stdout).toMatch(/^failed +order in the table .*local-elsewhere: ResourceNotFoundException/m);
  });

  it("fails on an archive without the order, and on dead letters", async () => {
    const sqs = new SQSClient({
      endpoint: platform.awsUrl,
      region: "eu-central-1",
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
    });
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: "local-orders-dlq" }));
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "garbage" }));
    const { code, report, stdout } = await smoke(platform, { LOG_BUCKET: "local-elsewhere" });
    await sqs.send(new PurgeQueueCommand({ QueueUrl }));
    expect(code).toBe(1);
    expect(resultsOf(report)).toEqual({
      ...all("ok"),
      "order archived": "failed",
      "dead-letter queue empty": "failed",
    });
    expect(stdout).toMatch(/^failed +order archived .*s3:\/\/local-elsewhere\/orders\/dt=.*NoSuchBucket/m);
    expect(stdout).toMatch(/^failed +dead-letter queue empty .*local-orders-dlq has 1/m);
  });

  it("says that there is no answer, and leaves out what needs one", async () => {
    const { code, report, stdout } = await smoke(
      { ...platform, apiUrl: "http://127.0.0.1:1024" },
      {},
      "--timeout",
      "20",
    );
    expect(code).toBe(1);
    expect(resultsOf(report)).toEqual({
      ...all("skipped"),
      health: "failed",
      "notifications subscribed": "ok",
      "results pipeline succeeded": "ok",
      "dead-letter queue empty": "ok",
    });
    expect(stdout).toMatch(/^failed +health .*no answer from http:\/\/127\.0\.0\.1:1024: .*ECONNREFUSED/m);
  });

  it("gives up at its time limit and says how far the order came", async () => {
    const { code, stdout } = await smoke(platform, {}, "--timeout", "1");
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^failed +order (submitted|decided) .*still (received|submitted), not \w+, within 1 s/m,
    );
  });
});

describe("the smoke check of an environment with a real auction platform", () => {
  const received: string[] = [];
  let auction: Server;
  let platform: PlatformProcess;
  let environments: string;
  const data = newFolder();

  beforeAll(async () => {
    const folder = newFolder();
    const { key, cert } = await makeCertificate();
    writeFileSync(join(folder, "ca.pem"), cert);
    auction = createServer({ key, cert }, (request, response) => {
      void text(request).then((body) => {
        if (request.method === "POST") received.push(body);
        response.setHeader("content-type", "application/json");
        response.end(request.method === "POST" ? "{}" : '{"results": false}');
      });
    });
    const port = await new Promise<number>((resolve) =>
      auction.listen(0, "127.0.0.1", () => resolve((auction.address() as AddressInfo).port)),
    );
    environments = newFolder();
    const local = JSON.parse(readFileSync("environments/local.json", "utf8")) as object;
    writeFileSync(
      join(environments, "local.json"),
      JSON.stringify({
        ...local,
        auction: {
          type: "http",
          url: `https://localhost:${port}`,
          key_parameter: "/orders/local/auction-key",
        },
      }),
    );
    platform = await startProcess(["--data", data, "--schedule", "off"], {
      ORDERS_ENVIRONMENTS: environments,
      NODE_EXTRA_CA_CERTS: join(folder, "ca.pem"),
    });
  });
  afterAll(() => {
    auction.close();
    auction.closeAllConnections();
  });

  it("never sends the test order there, while others are sent, and tells people in one quiet line", async () => {
    await fetch(`${platform.apiUrl}/orders`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: '{"orders":[{"order_id":7,"product":"Product1","power":2}]}',
    });
    const { code, report, stdout } = await smoke(platform, { ORDERS_ENVIRONMENTS: environments });
    expect(resultsOf(report)).toEqual(all("ok"));
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ok +order submitted .*closed, not sent/m);
    await until(
      () => received,
      ({ length }) => length > 0,
    );
    expect(received).toEqual(['{"order_id":7,"product":"Product1","power":2}']);
    const told = await until(
      () => notifications(data),
      ({ length }) => length > 0,
    );
    expect(told).toHaveLength(1);
    expect(told.join()).toContain(
      `Test order closed: order ${report.order_id}: test order: not sent to the auction platform`,
    );
  });

  it("is loud where the order was sent there all the same", async () => {
    // The check believes the platform real; the platform has the simulator.
    const simulated = await startProcess(["--data", newFolder(), "--schedule", "off"]);
    const { code, stdout } = await smoke(simulated, { ORDERS_ENVIRONMENTS: environments });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^failed +order submitted .*it was sent to a real auction platform/m);
  });
});

describe("the smoke check", () => {
  it.each([
    ["no environment", [], /missing required argument 'environment'/],
    ["an environment there is none of", ["nowhere"], /there is no environment nowhere; there are dev, /],
    [
      "an address that is none",
      ["local", "--api", "orders"],
      /address orders: expected an http or https URL/,
    ],
    [
      "a time limit that is none",
      ["local", "--timeout", "soon"],
      /--timeout soon: expected a positive number/,
    ],
    ["an option there is none of", ["local", "--fast"], /'--fast'/],
    [
      "an API that cannot be looked up",
      ["dev", "--endpoint", "http://127.0.0.1:1024"],
      /the API dev-orders could not be looked up: .*Give its address with --api/s,
    ],
  ])(
    "says in a line what is wrong with %s, and checks nothing",
    async (_, args, message) => {
      const inAccount = { AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" };
      const { code, stdout, stderr } = await run(args, inAccount);
      expect(stderr).toMatch(message);
      expect(stderr).not.toMatch(/^ +at /m);
      expect(stdout).toBe("");
      expect(code).toBe(2);
    },
    30_000,
  );
});
