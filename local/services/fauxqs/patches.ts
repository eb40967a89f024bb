import { subscribe } from "node:diagnostics_channel";
import type { Server } from "node:http";
import { steadyNow } from "../../clock";
import { objectFiles } from "../s3/files";

/**
 * fauxqs as its clients need it, fitted before it starts, in the thread that runs nothing else. What is replaced
 * is looked for first: a release of fauxqs without it does not start in silence.
 */

type Request = { readonly url: string; readonly headers: Record<string, string | undefined>; body?: unknown };
type OnRequest = (request: Request, reply: unknown, done: () => void) => void;

/** The server below fauxqs, which it shows nobody: Fastify announces it. */
type App = {
  readonly server: Server;
  addHook(name: "onRoute", hook: (route: { bodyLimit?: number }) => void): void;
  addHook(name: "onRequest" | "preHandler", hook: OnRequest): void;
};

const isApp = (value: unknown): value is App =>
  typeof value === "object" &&
  value !== null &&
  "server" in value &&
  "addHook" in value &&
  typeof value.addHook === "function";

/** The types in which SNS and SQS are asked, at `/` alone; anywhere else they are an object's. */
const ASKING = /^application\/(x-www-form-urlencoded|x-amz-json-1\.0)/;
const LARGEST_BODY_BYTES = 128 * 1024 * 1024;

/** Takes objects of any content type, empty ones, and as large ones as the gateway lets through. */
const takeAnyObject = (app: App): void => {
  const types = new WeakMap<object, string>();
  app.addHook("onRoute", (route) => {
    route.bodyLimit = LARGEST_BODY_BYTES;
  });
  app.addHook("onRequest", (request, _reply, done) => {
    const type = request.headers["content-type"] ?? "";
    if (ASKING.test(type) && !/^\/(\?|$)/.test(request.url)) {
      types.set(request, type);
      request.headers["content-type"] = "application/octet-stream";
    }
    done();
  });
  app.addHook("preHandler", (request, _reply, done) => {
    const type = types.get(request);
    if (type !== undefined) request.headers["content-type"] = type;
    request.body ??= Buffer.alloc(0);
    done();
  });
};

const nameFilesSafely = async (): Promise<void> => {
  // What the package exports has no such class.
  const loaded: unknown = await import("../../../node_modules/fauxqs/dist/s3/fileS3Persistence.js");
  const prototype: unknown = Reflect.get(
    Object(Reflect.get(Object(loaded), "FileS3Persistence")),
    "prototype",
  );
  const missing = [...Object.keys(objectFiles), "cleanEmptyParents"].filter(
    (name) => typeof Reflect.get(Object(prototype), name) !== "function",
  );
  if (missing.length > 0) throw new Error(`fauxqs: FileS3Persistence has no ${missing.join(", ")}`);
  Object.assign(Object(prototype), objectFiles);
};

/**
 * Deadlines (a message's visibility, its delay) are measured on a clock that never jumps: one that went back two
 * hours would hide a message for two hours more, one that went ahead would hand it out twice.
 */
export const keepTime = (): void => {
  Date.now = steadyNow;
};

/** fauxqs sorts keys by language and continues lists by code unit, so that pages skip what the two place differently. */
const sortByCodeUnit = (): void => {
  Object.assign(String.prototype, {
    localeCompare(this: string, that: string): number {
      return this < that ? -1 : this > that ? 1 : 0;
    },
  });
};

/**
 * Each change of a message is a transaction of its own: it is handed to the operating system, as changes of tables
 * and objects are, and not awaited on the disk. A killed platform loses nothing of it.
 */
const commitToSystem = async (): Promise<void> => {
  const { DatabaseSync } = await import("node:sqlite");
  // Called with the database as `this` below.
  // eslint-disable-next-line @typescript-eslint/unbound-method
  const { exec } = DatabaseSync.prototype;
  const onOpened = function (this: InstanceType<typeof DatabaseSync>, sql: string): void {
    exec.call(this, sql);
    if (sql === "PRAGMA journal_mode = WAL") exec.call(this, "PRAGMA synchronous = NORMAL");
  };
  Object.assign(DatabaseSync.prototype, { exec: onOpened });
};

/**
 * Loads fauxqs, fitted.
 * @param onServer told of the server that it makes
 */
export const loadFauxqs = async (onServer: (server: Server) => void) => {
  keepTime();
  sortByCodeUnit();
  subscribe("fastify.initialization", (message) => {
    const app: unknown = Reflect.get(Object(message), "fastify");
    if (!isApp(app)) throw new Error("fauxqs: its server is no Fastify that takes hooks");
    takeAnyObject(app);
    onServer(app.server);
  });
  await nameFilesSafely();
  await commitToSystem();
  return import("fauxqs");
};
