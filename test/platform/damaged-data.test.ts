import { cpSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import {
  BatchWriteItemCommand,
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  paginateQuery,
  paginateScan,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { ClassicLevel } from "classic-level";
import { scan } from "../../local/services/dynamodb/store/scan";
import { run } from "../support/process";
import { newFolder, writeStack } from "./support/fixture";
import { endAll, type PlatformProcess, runToEnd, startProcess } from "./support/platform-process";

/** A data folder that is not as it was left: it is told by file or table, and recovered if that is asked for. */

afterAll(endAll);

const stack = writeStack({
  aws_dynamodb_table: {
    orders: {
      name: "orders",
      hash_key: "id",
      attribute: [
        { name: "id", type: "N" },
        { name: "status", type: "S" },
      ],
      global_secondary_index: [{ name: "by_status", hash_key: "status", projection_type: "ALL" }],
    },
  },
  aws_sqs_queue: { q: { name: "queue" } },
  aws_s3_bucket: { b: { bucket: "archive" } },
});

const client = ({ awsUrl }: PlatformProcess) => ({
  endpoint: awsUrl,
  region: "eu-central-1",
  credentials: { accessKeyId: "local", secretAccessKey: "local" },
});

const start = (data: string, ...args: ReadonlyArray<string>): Promise<PlatformProcess> =>
  startProcess(["--stack", stack, "--data", data, ...args]);

const refused = (data: string) =>
  runToEnd(["--port", "0", "--aws-port", "0", "--stack", stack, "--data", data]);

const ITEMS = 400;

const fill = async (platform: PlatformProcess): Promise<void> => {
  const dynamodb = new DynamoDBClient(client(platform));
  for (let first = 0; first < ITEMS; first += 25)
    await dynamodb.send(
      new BatchWriteItemCommand({
        RequestItems: {
          orders: Array.from({ length: 25 }, (_, index) => ({
            PutRequest: { Item: { id: { N: String(first + index) }, status: { S: "received" } } },
          })),
        },
      }),
    );
  await dynamodb.send(
    new UpdateItemCommand({
      TableName: "orders",
      Key: { id: { N: "7" } },
      UpdateExpression: "SET #s = :s",
      ExpressionAttributeNames: { "#s": "status" },
      ExpressionAttributeValues: { ":s": { S: "accepted" } },
    }),
  );
  await dynamodb.send(new DeleteItemCommand({ TableName: "orders", Key: { id: { N: "8" } } }));
  await new S3Client({ ...client(platform), forcePathStyle: true }).send(
    new PutObjectCommand({ Bucket: "archive", Key: "orders/1.json", Body: '{"orders":[]}' }),
  );
  await new SQSClient(client(platform)).send(
    new SendMessageCommand({ QueueUrl: `${platform.awsUrl}/000000000000/queue`, MessageBody: "order 1" }),
  );
};

const ids = async (platform: PlatformProcess): Promise<ReadonlyArray<number>> => {
  const found: number[] = [];
  for await (const { Items = [] } of paginateScan(
    { client: new DynamoDBClient(client(platform)) },
    { TableName: "orders" },
  ))
    found.push(...Items.map(({ id }) => Number(id?.N)));
  return found.sort((a, b) => a - b);
};

const listed = async (platform: PlatformProcess): Promise<ReadonlyArray<number>> => {
  const found: number[] = [];
  for (const status of ["received", "accepted"])
    for await (const { Items = [] } of paginateQuery(
      { client: new DynamoDBClient(client(platform)) },
      {
        TableName: "orders",
        IndexName: "by_status",
        KeyConditionExpression: "#s = :s",
        ExpressionAttributeNames: { "#s": "status" },
        ExpressionAttributeValues: { ":s": { S: status } },
      },
    ))
      found.push(...Items.map(({ id }) => Number(id?.N)));
  return found.sort((a, b) => a - b);
};

const kept: Partial<Record<"SIGKILL" | "SIGTERM", string>> = {};

/** A copy of a filled data folder whose platform ended by this signal. */
const filled = async (signal: "SIGKILL" | "SIGTERM"): Promise<string> => {
  const original = kept[signal] ?? join(newFolder(), "data");
  if (kept[signal] === undefined) {
    const platform = await start(original);
    await fill(platform);
    await platform.end(signal);
    kept[signal] = original;
  }
  const copy = join(newFolder(), "data");
  cpSync(original, copy, { recursive: true });
  return copy;
};

const largest = (folder: string, pattern: RegExp): string => {
  const files = readdirSync(folder).filter((name) => pattern.test(name));
  const [first] = files.map((name) => join(folder, name)).sort((a, b) => statSync(b).size - statSync(a).size);
  if (first === undefined) throw new Error(`no ${String(pattern)} in ${folder}`);
  return first;
};

const flip = (file: string, at: number): void => {
  const bytes = readFileSync(file);
  bytes[Math.floor(at * bytes.length)] = (bytes[Math.floor(at * bytes.length)] ?? 0) ^ 0x10;
  writeFileSync(file, bytes);
};

const told = async (data: string, line: RegExp): Promise<string> => {
  const { code, stdout, stderr } = await refused(data);
  expect({ stderr, stdout, code }).toEqual({
    stderr: expect.stringMatching(line),
    stdout: "starting …\n",
    code: 3,
  });
  expect(stderr).toMatch(/start with --recover to keep what is whole .*, or with --fresh to start empty\n$/);
  expect(stderr).not.toMatch(/^ +at /m);
  return stderr;
};

describe("the tables' database", () => {
  it.each(["SIGKILL", "SIGTERM"] as const)(
    "is whole after %s, and its index has what the table has",
    async (signal) => {
      const data = await filled(signal);
      const platform = await start(data);
      expect(await ids(platform)).toHaveLength(ITEMS - 1);
      expect(await listed(platform)).toEqual(await ids(platform));
      expect(platform.output()).not.toContain("indexes");
      await platform.end("SIGTERM");
    },
  );

  it("cut off after any byte, as a kill does, has in its index what the table has", async () => {
    const data = await filled("SIGKILL");
    const log = largest(join(data, "dynamodb"), /\.log$/);
    const { size } = statSync(log);
    for (let part = 1; part <= 60; part += 1) {
      const copy = join(newFolder(), "dynamodb");
      cpSync(join(data, "dynamodb"), copy, { recursive: true });
      truncateSync(join(copy, basename(log)), Math.floor((size * part) / 60));
      const level = new ClassicLevel(copy);
      const { tables, wrongIndexes } = await scan(level, () => {});
      await level.close();
      expect({ part, items: tables.get("orders")?.items ?? 0, wrong: [...wrongIndexes] }).toEqual({
        part,
        items: expect.any(Number),
        wrong: [],
      });
    }
  });

  it.each(["SIGKILL", "SIGTERM"] as const)(
    "with a halved log after %s is told with how much is lost, and recovered",
    async (signal) => {
      const data = await filled(signal);
      const log = largest(join(data, "dynamodb"), /\.log$/);
      truncateSync(log, Math.floor(statSync(log).size / 2));
      const before = readFileSync(log);
      const stderr = await told(
        data,
        /dynamodb: the last \d+ writes are lost; table orders: \d+ of 399 items are missing/,
      );
      const missing = Number(/orders: (\d+) of/.exec(stderr)?.[1]);

      const platform = await start(data, "--recover");
      expect(platform.output()).toContain(`not recovered: table orders: ${missing} of 399 items are missing`);
      expect(await ids(platform)).toHaveLength(ITEMS - 1 - missing);
      expect(await listed(platform)).toEqual(await ids(platform));
      await platform.end("SIGTERM");
      const [aside = ""] = readdirSync(join(data, "damaged"));
      expect(readFileSync(join(data, "damaged", aside, "dynamodb", basename(log)))).toEqual(before);
      const again = await start(data);
      expect(again.output()).not.toContain("recovered");
      await again.end("SIGTERM");
    },
  );

  it.each([0.2, 0.5, 0.8])(
    "with a flipped bit in its log (at %f of it) is told, and recovered but for that",
    async (at) => {
      const data = await filled("SIGKILL");
      flip(largest(join(data, "dynamodb"), /\.log$/), at);
      await told(data, /dynamodb: \d+\.log is not as it was written/);
      const platform = await start(data, "--recover");
      expect((await ids(platform)).length).toBeGreaterThan(0);
      expect(await listed(platform)).toEqual(await ids(platform));
      await platform.end("SIGTERM");
    },
  );

  it("with a flipped bit in a table file is told, and recovered but for that", async () => {
    const data = await filled("SIGTERM");
    // The next start moves the log to a table file.
    await (await start(data)).end("SIGTERM");
    flip(largest(join(data, "dynamodb"), /\.ldb$/), 0.3);
    await told(data, /dynamodb: \d+\.ldb is not as it was written/);
    const platform = await start(data, "--recover");
    expect(platform.output()).toMatch(/recovered: table orders: \d+ items/);
    expect(await listed(platform)).toEqual(await ids(platform));
    await platform.end("SIGTERM");
  });

  it.each([/^MANIFEST/, /^CURRENT$/, /\.ldb$/])("without %s is told", async (pattern) => {
    const data = await filled("SIGTERM");
    await (await start(data)).end("SIGTERM");
    rmSync(largest(join(data, "dynamodb"), pattern));
    await told(data, /dynamodb: /);
  });

  it("with a table file that a kill left half written, and no manifest names, is whole", async () => {
    const data = await filled("SIGTERM");
    await (await start(data)).end("SIGTERM");
    const bytes = readFileSync(largest(join(data, "dynamodb"), /\.ldb$/));
    writeFileSync(join(data, "dynamodb", "009999.ldb"), bytes.subarray(0, bytes.length / 2));
    const platform = await start(data);
    expect(await ids(platform)).toHaveLength(ITEMS - 1);
    await platform.end("SIGTERM");
  });

  it("that is gone altogether is told", async () => {
    const data = await filled("SIGTERM");
    rmSync(join(data, "dynamodb"), { recursive: true });
    await told(data, /table orders: 399 of 399 items are missing|definition of table orders is lost/);
  });

  it("with index entries that no item has, as a kill left them in earlier releases, is mended and said", async () => {
    const data = await filled("SIGTERM");
    const level = new ClassicLevel(join(data, "dynamodb"));
    const all = await level.iterator({ gte: "index-", lt: "index-\uffff" }).all();
    const [first, second] = all;
    if (first === undefined || second === undefined) throw new Error("no index entries");
    await level.put(`${first[0]}0`, first[1]);
    await level.del(second[0]);
    await level.close();
    const platform = await start(data);
    expect(platform.output()).toContain(
      "the indexes of table orders were not those of its items: written again",
    );
    expect(await listed(platform)).toEqual(await ids(platform));
    await platform.end("SIGTERM");
  });

  it("of a release without checksums and books is taken over, and checked from then on", async () => {
    const data = await filled("SIGTERM");
    const level = new ClassicLevel(join(data, "dynamodb"));
    for (const [key, value] of await level.iterator().all())
      await (key === "books~" ? level.del(key) : level.put(key, value.slice(0, value.lastIndexOf("\t"))));
    await level.close();
    for (const name of ["platform.json", "dynamodb.written", "services.sealed.json"])
      rmSync(join(data, name));
    const platform = await start(data);
    expect(await ids(platform)).toHaveLength(ITEMS - 1);
    expect(await listed(platform)).toEqual(await ids(platform));
    await platform.end("SIGKILL");
    const log = largest(join(data, "dynamodb"), /\.(log|ldb)$/);
    truncateSync(log, Math.floor(statSync(log).size / 2));
    await told(data, /dynamodb: /);
  });
});

describe("the queues' and buckets' files", () => {
  const object = (data: string, end: string): string =>
    join(data, "buckets", "buckets", "archive", "objects", "orders", `1.json${end}`);

  it.each(["SIGKILL", "SIGTERM"] as const)(
    "are told when an object was changed after %s, and recovered without it",
    async (signal) => {
      const data = await filled(signal);
      flip(object(data, ".data"), 0.5);
      await told(data, /1\.json\.data: is not as it was written/);
      const platform = await start(data, "--recover");
      expect(platform.output()).toMatch(
        /not recovered: .*1\.json\.data: is not as it was written; kept in damaged\//,
      );
      await expect(
        new S3Client({ ...client(platform), forcePathStyle: true }).send(
          new GetObjectCommand({ Bucket: "archive", Key: "orders/1.json" }),
        ),
      ).rejects.toThrow();
      await platform.end("SIGTERM");
    },
  );

  it("are told when an object, its description or its bucket's was emptied or deleted", async () => {
    for (const harm of [
      (data: string) => truncateSync(object(data, ".data")),
      (data: string) => truncateSync(object(data, ".meta.json")),
      (data: string) => rmSync(object(data, ".data")),
      (data: string) => {
        rmSync(object(data, ".data"));
        rmSync(object(data, ".meta.json"));
      },
      (data: string) => truncateSync(join(data, "buckets", "buckets", "archive", ".bucket.json")),
    ]) {
      const data = await filled("SIGTERM");
      harm(data);
      await told(data, /buckets/);
      const platform = await start(data, "--recover");
      expect(platform.output()).toContain("not recovered: ");
      await platform.end("SIGTERM");
    }
  });

  it("are told when the queues' database was halved, overwritten or changed, by its file", async () => {
    for (const [signal, harm] of [
      ["SIGTERM", (file: string) => truncateSync(file, Math.floor(statSync(file).size / 2))],
      ["SIGTERM", (file: string) => flip(file, 0.9)],
      ["SIGTERM", (file: string) => writeFileSync(file, "not a database, but something else altogether")],
      [
        "SIGKILL",
        (file: string) => {
          const database = new DatabaseSync(file);
          database.exec("UPDATE sqs_messages SET body = 'order 2'");
          database.close();
        },
      ],
    ] as const) {
      const data = await filled(signal);
      harm(join(data, "queues", "fauxqs.db"));
      await told(data, /queues\/fauxqs\.db: /);
      const platform = await start(data, "--recover");
      expect(platform.output()).toMatch(/not recovered: .*fauxqs\.db/);
      await platform.end("SIGTERM");
    }
  });
});

describe("a disk that is full", () => {
  it("ends the platform with a line that names the file, and loses nothing that was acknowledged", async () => {
    const data = join(newFolder(), "data");
    await (await start(data)).end("SIGTERM");
    const awsUrl = Promise.withResolvers<string>();
    const limited = run(
      "sh",
      [
        ...["-c", 'ulimit -f 128 && exec "$@"', "sh", process.execPath, "dist/local.js", "--stack", stack],
        ...["--data", data, "--port", "0", "--aws-port", "0"],
      ],
      {
        onOutput: (printed) => {
          const url = /AWS +(\S+)\n/.exec(printed)?.[1];
          if (url !== undefined) awsUrl.resolve(url);
        },
      },
    );
    const dynamodb = new DynamoDBClient({
      endpoint: await awsUrl.promise,
      region: "eu-central-1",
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
      maxAttempts: 1,
    });
    const acknowledged: number[] = [];
    for (let id = 1; id < 2_000; id += 1) {
      const item = { id: { N: String(id) }, status: { S: "received" }, text: { S: "x".repeat(200) } };
      const stored = await dynamodb.send(new PutItemCommand({ TableName: "orders", Item: item })).then(
        () => true,
        () => false,
      );
      if (!stored) break;
      acknowledged.push(id);
    }
    const { code, stderr } = await limited;
    expect(stderr).toMatch(
      /^the local dynamodb stopped: .*dynamodb\/\d+\.log: File too large \(its data: .*dynamodb\)\n$/,
    );
    expect(code).toBe(1);
    expect(acknowledged.length).toBeGreaterThan(10);

    const platform = await start(data);
    expect(await ids(platform)).toEqual(expect.arrayContaining(acknowledged));
    expect(await listed(platform)).toEqual(await ids(platform));
    await platform.end("SIGTERM");
  });
});
