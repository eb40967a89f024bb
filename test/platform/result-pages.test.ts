import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { runCommand } from "../support/process";
import { newFolder } from "./support/fixture";
import { synthesizeLocal } from "./support/local-environment";
import { endAll, type PlatformProcess, startProcess } from "./support/platform-process";
import { until } from "./support/until";

/** Result pages as auction platforms send them, however large, on their way through the running platform. */

const BUCKET = "local-orders-archive-000000000000";
const order = (order_id: number) => ({ order_id, product: "Product1", power: 2 });
const ORDERS = Array.from({ length: 251 }, (_, index) => order(index + 1));
const LATE = order(5_001);
const accepted = (one: object, size: number) => ({ ...one, status: "accepted", other: "x".repeat(size) });

/** By the cursor that is asked with: the first page is large, the second is too large, the third ends the feed. */
const PAGES: Readonly<Record<string, object>> = {
  "": { results: true, orders: ORDERS.slice(0, 250).map((one) => accepted(one, 5_000)), cursor: "2" },
  "2": { results: true, orders: [accepted(order(5_000), 20_000_000)], cursor: "3" },
  "3": {
    results: true,
    orders: [accepted(order(251), 0), accepted(LATE, 0)],
    cursor: "4",
  },
};

let auction: Server;
/** Whether the results are out: not before the orders are in. */
let isOver = false;
let platform: PlatformProcess;
let s3: S3Client;

/** The local environment, whose results come from the auction of this suite, and are read one page an execution. */
const stackWith = (url: string): string => {
  const stack = synthesizeLocal((environment) => ({
    ...environment,
    auction: { ...environment.auction, acceptance: 1, refusal: 0 },
  }));
  const file = join(stack, "cdk.tf.json");
  const declared = JSON.parse(readFileSync(file, "utf8")) as {
    resource: {
      aws_lambda_function: { fetch_results: { environment: { variables: object } } };
      aws_sfn_state_machine: { results: { definition: string } };
    };
  };
  const machine = declared.resource.aws_sfn_state_machine.results;
  machine.definition = machine.definition.replace(/("\$\.pages","NumericGreaterThanEquals":)\d+/, "$11");
  Object.assign(declared.resource.aws_lambda_function.fetch_results.environment.variables, {
    AUCTION_URL: url,
  });
  writeFileSync(file, JSON.stringify(declared));
  return stack;
};

beforeAll(async () => {
  auction = createServer((request, response) => {
    const cursor = new URL(request.url ?? "", "http://auction").searchParams.get("cursor") ?? "";
    response.end(JSON.stringify((isOver ? PAGES[cursor] : undefined) ?? { results: false }));
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => auction.once("listening", resolve));
  const { port } = auction.address() as AddressInfo;
  platform = await startProcess(["--stack", stackWith(`http://127.0.0.1:${port}`), "--data", newFolder()]);
  s3 = new S3Client({
    endpoint: platform.awsUrl,
    region: "eu-central-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    forcePathStyle: true,
  });
});
afterAll(() => {
  endAll();
  auction.close();
});

/** Repeated where a busy machine is too slow for it, as any client would. */
const post = (orders: ReadonlyArray<object>) =>
  until(
    async () => {
      const { status } = await fetch(`${platform.apiUrl}/orders`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ orders }),
      });
      return status;
    },
    (status) => status === 201,
  );

const statusOf = async (id: number): Promise<unknown> =>
  ((await (await fetch(`${platform.apiUrl}/orders/${id}`)).json()) as { status?: unknown }).status;

const keys = async (prefix: string): Promise<ReadonlyArray<string>> => {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: prefix }));
  return Contents.flatMap(({ Key }) => Key ?? []);
};

const read = async (key: string): Promise<string> =>
  (await (await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: key }))).Body?.transformToString()) ?? "";

const replay = (...args: string[]) => runCommand("replay", [...args, "--endpoint", platform.awsUrl]);

describe("pages of results", () => {
  it("are archived where they are of more than a megabyte, and announced where they are too large, and the feed goes on", async () => {
    await post(ORDERS);
    isOver = true;
    await until(
      () => Promise.all([1, 250, 251].map(statusOf)),
      (statuses) => statuses.every((status) => status === "accepted"),
    );
    await until(
      () => Promise.resolve(platform.output()),
      (output) => /notify .*A page of results was not archived/.test(output),
    );
    const raw = await keys("results/raw/dt=");
    const sizes = await Promise.all(raw.map(async (key) => (await read(key)).length));
    expect(sizes.filter((size) => size > 20_000_000)).toHaveLength(1);
  });

  it("that one execution leaves to the next are read by it", () => {
    const released = [...platform.output().matchAll(/step +\S+ (\S+): ReleaseRest \d+ ms/g)];
    expect(new Set(released.map(([, execution]) => execution)).size).toBe(Object.keys(PAGES).length);
    expect(platform.output()).not.toContain("ReleaseRest failed");
  });

  it("are archived again on purpose, into an object of their own that has the newly decided alone", async () => {
    const [quarantined = ""] = await keys("orders/quarantine/");
    const { raw } = JSON.parse(await read(quarantined)) as { raw: string };
    await post([LATE]);
    const { code, stdout } = await replay("local", raw);
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(
        /^execution replay-\d+ archives \S+ again …\n1 newly accepted in \S+, 0 newly rejected and announced, 0 set aside\n$/,
      ),
    ]);
    const [, key = ""] = / in (\S+),/.exec(stdout) ?? [];
    expect(JSON.parse(await read(key))).toMatchObject({ orders: [{ order_id: LATE.order_id }] });
    expect(await statusOf(LATE.order_id)).toBe("accepted");
  });

  it("say what failed where there is no such page", async () => {
    const { code, stderr } = await replay("local", "results/raw/dt=2026-01-01/none.json");
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^execution replay-\d+: FAILED PermanentError: reading the page results\/raw\/dt=2026-01-01\/none\.json: .*\n$/,
    );
  });
});
