/** How long a function takes to start, beside a bare client of the SDK that sends the same commands. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { isLeft } from "fp-ts/Either";
import * as t from "io-ts";
import { jsonOrUndefined } from "../../lib/json";
import { type Start, start, typical } from "./start";
import type { Row } from "./table";

const FUNCTIONS = join("dist", "functions");

/** Any values that the functions' contracts take: nothing is called. */
const VARIABLES = {
  AWS_REGION: "eu-central-1",
  AWS_ACCESS_KEY_ID: "key",
  AWS_SECRET_ACCESS_KEY: "secret",
  ENVIRONMENT: "bench",
  ORDERS_TABLE: "orders",
  CHECKPOINTS_TABLE: "checkpoints",
  LEDGER_TABLE: "ledger",
  ORDERS_QUEUE_URL: "http://localhost/orders",
  GATE_MARGIN_SECONDS: "0",
  LIMITS: '{"products":[],"default":{}}',
  SUMS_TABLE: "sums",
  TOPIC_ARN: "arn:aws:sns:eu-central-1:000000000000:orders",
  CHANGES_TOPIC_ARN: "arn:aws:sns:eu-central-1:000000000000:changes",
  ARCHIVE_BUCKET: "archive",
  SLACK_WEBHOOK_PARAMETER: "webhook",
  AUCTION_URL: "http://localhost",
  AUCTION_AUTH: "iam",
  LEASE_SECONDS: "1",
  RETENTION_DAYS: "1",
  PAGE_LIMIT: "1",
  ORDERS_PER_CALL: "1",
  TEST_ORDERS: "submitted",
  STUCK_AFTER_SECONDS: "1",
  OVERDUE_AFTER_SECONDS: "1",
  SEED: "1",
  ACCEPTANCE: "1",
  REFUSAL: "0",
  PARTIAL: "0",
  PRELIMINARY: "0",
  RESULT_DELAY_MIN_SECONDS: "1",
  RESULT_DELAY_MAX_SECONDS: "1",
};

const PROBE = `
const begun = process.hrtime.bigint();
const used = process.cpuUsage();
const { handler } = require(process.argv[2]);
if (typeof handler !== "function") throw new Error("it has no handler");
const ms = Number(process.hrtime.bigint() - begun) / 1e6;
const { user, system } = process.cpuUsage(used);
process.stdout.write(JSON.stringify({ ms, cpuMs: (user + system) / 1e3 }));
`;

const CLIENTS: Readonly<Record<string, string>> = {
  dynamodb: "DynamoDBClient",
  s3: "S3Client",
  sns: "SNSClient",
  sqs: "SQSClient",
  ssm: "SSMClient",
};

const SourceMap = t.type({ sources: t.array(t.string) });

/** The commands in a function's bundle, by its source map, as `dynamodb GetItemCommand`. */
const commandsOf = (name: string): ReadonlyArray<string> => {
  const map = SourceMap.decode(jsonOrUndefined(readFileSync(join(FUNCTIONS, name, "index.js.map"), "utf8")));
  if (isLeft(map)) throw new Error(`${FUNCTIONS}/${name}/index.js.map is no source map: npm run build`);
  return map.right.sources
    .flatMap((source) => {
      const [, client, command] = /client-(\w+)\/dist-es\/commands\/(\w+Command)\.js$/.exec(source) ?? [];
      return client === undefined || command === undefined ? [] : [`${client} ${command}`];
    })
    .sort();
};

/** As any guide writes it. Its clients are made when first needed, as the functions' are. */
const bareClient = (commands: ReadonlyArray<string>): string => {
  const services = [...new Set(commands.map((command) => command.split(" ")[0] ?? ""))];
  const sent = services.flatMap((service) => {
    const own = commands.flatMap((command) =>
      command.startsWith(`${service} `) ? (command.split(" ")[1] ?? []) : [],
    );
    const client = CLIENTS[service] ?? "";
    return [
      `import { ${[client, ...own].join(", ")} } from "@aws-sdk/client-${service}";`,
      `const ${service} = async (event) => { const client = new ${client}({}); ${own
        .map((command) => `await client.send(new ${command}(event));`)
        .join(" ")} };`,
    ];
  });
  return `${sent.join("\n")}\nexport const handler = async (event) => { ${services.map((service) => `await ${service}(event);`).join(" ")} };`;
};

/** @param rounds how often each is started, all of them in turns */
export const cold = async (rounds: number): Promise<ReadonlyArray<Row>> => {
  const folder = mkdtempSync(join(tmpdir(), "bench-cold-"));
  try {
    const probe = join(folder, "probe.cjs");
    writeFileSync(probe, PROBE);
    const pairs = await Promise.all(
      readdirSync(FUNCTIONS)
        .filter((name) => statSync(join(FUNCTIONS, name)).isDirectory())
        .map(async (name) => {
          const baseline = join(folder, `${name}.cjs`);
          await build({
            stdin: { contents: bareClient(commandsOf(name)), resolveDir: process.cwd() },
            outfile: baseline,
            bundle: true,
            platform: "node",
            logLevel: "error",
          });
          return { name, ours: resolve(FUNCTIONS, name, "index.js"), baseline };
        }),
    );
    const starts = pairs.map(() => ({ ours: Array<Start>(), baseline: Array<Start>() }));
    for (let round = 0; round < rounds; round += 1)
      pairs.forEach(({ ours, baseline }, index) => {
        starts[index]?.baseline.push(start([probe, baseline], VARIABLES));
        starts[index]?.ours.push(start([probe, ours], VARIABLES));
      });
    return pairs.map(({ name, ours, baseline }, index) => ({
      name,
      ours: { ...typical(starts[index]?.ours ?? []), bytes: statSync(ours).size },
      baseline: { ...typical(starts[index]?.baseline ?? []), bytes: statSync(baseline).size },
    }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
