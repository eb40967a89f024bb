import { join } from "node:path";
import * as R from "fp-ts/Record";

/** The project, seen from `local/` and from `dist/` alike: both stand directly below it. */
export const root = join(__dirname, "..");

/** The built platform: what every thread of it runs (see main.ts), a test's platform included. */
export const program = join(root, "dist", "local.js");

/** What a thread runs that is an environment of a function (see function.ts). */
export const functionProgram = join(root, "dist", "function-thread.js");

/** Where the build keeps each function's code and source map. */
export const builtFunctions = join(root, "dist", "functions");

/** Where what the engine has compiled of functions is kept, by their code. */
export const compiledFunctions = join(root, "dist", ".compiled", "functions");

type Own =
  | { readonly kind: "file"; readonly name: string }
  /** `holds`: what the platform makes in this folder, as paths below it. */
  | { readonly kind: "folder"; readonly name: string; readonly holds: RegExp };

const file = (name: string): Own => ({ kind: "file", name });
const folder = (name: string, holds: RegExp): Own => ({ kind: "folder", name, holds });

/** The files of a LevelDB database. */
const LEVELDB = /^(lost\/)?(CURRENT|LOCK|LOG(\.old)?|MANIFEST-\d+|\d+\.(log|ldb|sst|dbtmp))$/;

/**
 * Everything the platform makes in a data folder. What is not on this list is not the platform's: it is neither
 * read, written nor deleted.
 */
export const OWN = {
  marker: file("platform.json"),
  /** Made and deleted at each start, to see whether anything can be written. */
  probe: file(".writable"),
  lock: folder("lock", LEVELDB),
  stack: folder(
    "stack",
    /^(manifest\.json|stacks\/local\/(cdk\.tf\.json|metadata\.json|\.terraform(ignore|\.lock\.hcl)|assets\/\w+\/[0-9A-F]{32}\/[\w.-]+))$/,
  ),
  environments: folder("stack-environments", /^local\.json$/),
  tables: folder("dynamodb", LEVELDB),
  tablesBefore: folder("dynamodb.before", LEVELDB),
  tablesWritten: file("dynamodb.written"),
  queues: folder("queues", /^fauxqs\.db(-wal|-shm|-journal)?$/),
  buckets: folder(
    "buckets",
    /^(buckets\/[^/]+\/(\.bucket\.json|\.lifecycle\.xml|objects\/.+\.(data|meta\.json))|_multipart\/.+\.(data|json))(\.unfinished)?$/,
  ),
  servicesSealed: file("services.sealed.json"),
  bundles: folder("bundles", /^[0-9a-f]{20}(\.unfinished)?\/.+$/),
  logs: folder("logs", /^[\w-]+\.log$/),
  executions: folder("executions", /^[\w-]+\.jsonl(\.unfinished)?$/),
  schedules: file("schedules.json"),
  schedulesUnfinished: file("schedules.json.unfinished"),
  streamPositions: file("stream-positions.json"),
  streamPositionsUnfinished: file("stream-positions.json.unfinished"),
  parameters: file("parameters.json"),
  notifications: file("notifications.jsonl"),
  damaged: folder("damaged", /^.+$/),
} as const satisfies Readonly<Record<string, Own>>;

/** Where a data folder keeps what. */
export const inDataFolder = (data: string) => R.map(({ name }: Own) => join(data, name))(OWN);

export type DataPaths = ReturnType<typeof inDataFolder>;
