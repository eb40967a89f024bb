/** Damages files between two starts: the platform must say so, and a recovery must lose exactly what it says. */
import { cpSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ClassicLevel } from "classic-level";
import { type Audit, readAudit, type Row, zero } from "./audit";
import { NotStarted, type PlatformOptions, startPlatform } from "./platform";

const largest = (folder: string, pattern: RegExp): string => {
  const [first] = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && pattern.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort((a, b) => statSync(b).size - statSync(a).size);
  if (first === undefined) throw new Error(`${folder}: holds no ${String(pattern)}`);
  return first;
};

/** LevelDB leaves what a compaction replaced until it is opened again: to damage that would do no harm. */
const dropReplacedFiles = async (folder: string): Promise<void> => {
  const level = new ClassicLevel(folder);
  await level.open();
  await level.close();
};

const flip = (file: string, part: number): void => {
  const bytes = readFileSync(file);
  const at = Math.floor(bytes.length * part);
  bytes[at] = (bytes[at] ?? 0) ^ 0x40;
  writeFileSync(file, bytes);
};

const halve = (file: string): void => truncateSync(file, Math.floor(statSync(file).size / 2));

/** Ways to damage a data folder; a number from 0 up to 1 says where. */
const HARMS: Readonly<Record<string, (data: string, part: number) => void>> = {
  "tables: halved": (data) => halve(largest(join(data, "dynamodb"), /\.(log|ldb)$/)),
  "tables: a flipped bit": (data, part) => flip(largest(join(data, "dynamodb"), /\.(log|ldb)$/), part),
  "archive: a flipped bit": (data, part) => flip(largest(join(data, "buckets"), /\.data$/), part),
  "archive: emptied": (data) => truncateSync(largest(join(data, "buckets"), /\.data$/)),
  "queues: halved": (data) => halve(join(data, "queues", "fauxqs.db")),
};

/** How many of the table's orders are lost, as a recovery says it: without its definition, all of them. */
const lostOrders = (before: Audit, said: string): number =>
  said.includes("not recovered: the definition of table local-orders is lost")
    ? before.orders.size
    : Number(/not recovered: table local-orders: (\d+) of/.exec(said)?.[1] ?? 0);

/** Whether a recovery kept all but what it said is lost. */
const unsaid = (before: Audit, after: Audit, said: string): string | undefined => {
  const orders = before.orders.size - after.orders.size;
  const lost = lostOrders(before, said);
  if (orders !== lost) return `${orders} orders are missing, said were ${lost}`;
  const pages = [...before.archived.keys()].filter((id) => !after.archived.has(id)).length;
  return pages > 0 && !/not recovered: .*buckets/.test(said)
    ? `${pages} orders are missing from the archive, and nothing was said`
    : undefined;
};

const harmed = async (
  options: PlatformOptions,
  before: Audit,
  harm: (data: string) => void,
): Promise<string | undefined> => {
  harm(options.data);
  const refused = await startPlatform(options).then(
    async (platform) => {
      await platform.stop();
      return "it started as if nothing were wrong";
    },
    (error: unknown) =>
      error instanceof NotStarted && error.status === 3 && /^damaged: /m.test(error.said)
        ? undefined
        : String(error),
  );
  if (refused !== undefined) return refused;
  const platform = await startPlatform({ ...options, recover: true });
  const said = platform.said();
  try {
    return unsaid(before, await readAudit(platform.awsUrl, options.data), said);
  } finally {
    await platform.stop();
  }
};

/** Damages copies of a data folder, one way each. */
export const damageCopies = async (
  options: PlatformOptions,
  before: Audit,
  draw: () => number,
  say: (text: string) => void,
): Promise<Row> => {
  let count = 0;
  for (const [name, harm] of Object.entries(HARMS)) {
    const data = `${options.data}-copy`;
    cpSync(options.data, data, { recursive: true });
    await dropReplacedFiles(join(data, "dynamodb"));
    const part = draw();
    const wrong = await harmed({ ...options, data }, before, (folder) => harm(folder, part));
    say(`${name}: ${wrong ?? "told, recovered, and what is lost was said"}`);
    if (wrong !== undefined) count += 1;
    rmSync(data, { recursive: true, force: true });
  }
  return zero("damage not told", count);
};
