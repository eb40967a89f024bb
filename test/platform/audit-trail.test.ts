import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { runCommand } from "../support/process";
import { ask, postOrders } from "./support/ask";
import { newFolder } from "./support/fixture";
import { synthesizeLocal } from "./support/local-environment";
import { endAll, type PlatformProcess, startProcess } from "./support/platform-process";
import { until } from "./support/until";

/** The audit trail as an operator asks for it, of orders that ended in each way that needs no fault. */

const IDS = [1, 2, 3, 4, 5, 6, 7, 8];
const DAYS = ["--from", "2026-01-01", "--to", "2999-12-31"];

let platform: PlatformProcess;
const folder = newFolder();

beforeAll(async () => {
  const stack = synthesizeLocal((environment) => ({
    ...environment,
    auction: { ...environment.auction, refusal: 0.3 },
    schedules: {
      ...environment.schedules,
      sweep: { ...environment.schedules.sweep, expression: "rate(2 seconds)" },
    },
  }));
  platform = await startProcess(["--data", newFolder(), "--stack", stack]);
  const orders = IDS.map((order_id) => ({ order_id, product: "Product1", power: 2, reference: "=1+1" }));
  await until(
    async () => (await postOrders(platform.apiUrl, orders)).status,
    (status) => status === 201,
  );
  await ask(`${platform.apiUrl}/orders/8`, { method: "DELETE" });
  for (const id of IDS)
    await until(
      async () => (await ask(`${platform.apiUrl}/orders/${id}`)).json() as Promise<{ history: object[] }>,
      ({ history }) => "archive_key" in (history.at(-1) ?? {}),
    );
});
afterAll(endAll);

const auditTrail = () =>
  runCommand("audit-trail", ["local", ...DAYS, "--out", folder, "--endpoint", platform.awsUrl]);

const written = (extension: string): ReadonlyArray<string> =>
  readFileSync(join(folder, `local-2026-01-01-2999-12-31.${extension}`), "utf8")
    .trimEnd()
    .split("\n");

const ids = (lines: ReadonlyArray<string>, idIn: (line: string) => number): ReadonlyArray<number> =>
  lines.map(idIn).sort((a, b) => a - b);

it("has a line for each order in both files, as the table has it", async () => {
  expect(await auditTrail()).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/8 orders as the table has them, 0 .* forgotten, 0 contradictions/),
  });
  const [header, ...lines] = written("csv");
  expect(header).toMatch(/^order_id,product,power,status,/);
  expect(ids(lines, (line) => Number(line.split(",")[0]))).toEqual(IDS);
  for (const line of lines) expect(line).toMatch(/,local,.*,'=1\+1,orders\/\S+\.json,same$/);
  expect(ids(written("ndjson"), (line) => (JSON.parse(line) as { order_id: number }).order_id)).toEqual(IDS);
});

it("says of an object that the table contradicts that it does", async () => {
  const order = { order_id: 1, product: "Product1", power: 3, status: "accepted", history: [] };
  await new S3Client({
    endpoint: platform.awsUrl,
    region: "eu-central-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
    forcePathStyle: true,
  }).send(
    new PutObjectCommand({
      Bucket: "local-orders-archive-000000000000",
      Key: "orders/dt=2999-01-01/forged-00000.json",
      Body: JSON.stringify({ orders: [order] }),
    }),
  );
  expect(await auditTrail()).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/^order 1, accepted in \S+forged\S+: the table's order is Product1, 2$/m),
  });
  expect(written("csv").filter((line) => line.includes("contradicts"))).toHaveLength(1);
});
