import { truncateSync } from "node:fs";
import { join } from "node:path";
import { DeleteObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { postOrders } from "./support/ask";
import { newFolder } from "./support/fixture";
import { endAll, type PlatformProcess, startProcess } from "./support/platform-process";
import { until } from "./support/until";
import { runCommand } from "../support/process";

/** The trace command as an operator runs it, on a running platform whose auction has decided. */

const data = newFolder();
let platform: PlatformProcess;

/** On a busy machine the answer to a submission may be lost: then a line says so, and the result decides. */
const steps = (stdout: string) => stdout.match(/^\w+/gm)?.join(" ");

const trace = (id: string) => runCommand("trace", ["local", id, "--endpoint", platform.awsUrl]);

/** The simulator of the local environment accepts 1 and rejects 7, always. */
const ACCEPTED = "1";
const REJECTED = "7";

beforeAll(async () => {
  platform = await startProcess(["--data", data]);
  const orders = [ACCEPTED, REJECTED].map((id) => ({ order_id: Number(id), product: "Product1", power: 2 }));
  const { status } = await postOrders(platform.apiUrl, orders);
  expect(status).toBe(201);
  for (const id of [ACCEPTED, REJECTED])
    await until(
      () => trace(id),
      ({ code, stdout }) => code === 0 && /^(accepted|rejected) /m.test(stdout),
    );
});
afterAll(endAll);

it("tells the way of an accepted order, from its request to the archive", async () => {
  const { stdout, stderr } = await trace(ACCEPTED);
  expect(stderr).toBe("");
  expect(steps(stdout)).toMatch(/^order received (submitted )?accepted$/);
  expect(stdout).toMatch(/place-orders +\w+ +orders (not )?placed /);
  expect(stdout).toMatch(/auction-simulator +info +order entered .*order_id=1/);
  expect(stdout).toMatch(/submit-orders +\w+ +(order submitted|submission failed).*order_id=1 /);
  expect(stdout).toMatch(/archive-results +info +order accepted .*order_id=1 /);
  expect(stdout).toMatch(/page s3:\S+\/results\/raw\/\S+\n +\{"order_id":1,.*"accepted"/);
  expect(stdout).toMatch(/archived in s3:\S+\/orders\/dt=\S+\n +\{"order_id":1,/);
});

it("tells the way of a rejected order, up to its announcement", async () => {
  const { stdout } = await trace(REJECTED);
  expect(steps(stdout)).toMatch(/^order received (submitted )?rejected announced$/);
  expect(stdout).toMatch(/notify-slack +info +posted to Slack .*order_ids=\[7\]/);
  expect(stdout).toMatch(/archived in s3:\/\/\S+\/orders\/closed\/dt=/);
});

it("names what is missing, and shows the rest", async () => {
  const [, bucket, key] = /archived in s3:\/\/([^/]+)\/(\S+)/.exec((await trace(ACCEPTED)).stdout) ?? [];
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const s3 = new S3Client({
    endpoint: platform.awsUrl,
    region: "eu-central-1",
    credentials,
    forcePathStyle: true,
  });
  await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
  truncateSync(join(data, "logs", "local-place-orders.log"));
  const { stdout, code } = await trace(ACCEPTED);
  expect(code).toBe(1);
  expect(stdout.match(/missing: .*/g)).toEqual([
    expect.stringMatching(
      /^missing: place-orders logged nothing of the request \S+; logs are kept for \d+ days$/,
    ),
    `missing: there is no object s3://${bucket}/${key}`,
  ]);
  expect(stdout).toMatch(/page s3:/);
});

it.each([
  [
    "an order there is none of",
    ["local", "99"],
    1,
    "order 99 is not in the table local-orders: it was never stored",
  ],
  ["what is no id", ["local", "x"], 2, "x: expected the id of an order, an integer from 1 to 2^53 − 1"],
])("says in one line what is wrong with %s", async (_, args, code, message) => {
  const ended = await runCommand("trace", [...args, "--endpoint", platform.awsUrl]);
  expect(ended).toEqual({ code, stdout: "", stderr: expect.stringContaining(message) });
  expect(ended.stderr.trim().split("\n")).toHaveLength(1);
});
