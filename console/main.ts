/**
 * The console beside the local platform: a thread of its own, so that a page that is looked at slows down nothing.
 * It listens at once, and answers when it is told which system it shows.
 */
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import * as t from "io-ts";
import { reasonOf } from "../lib/thrown";
import type { App } from "./app";
import { LOCAL } from "./aws/pace";
import { hostAt } from "./host";
import { isTaken, serveConsole } from "./server/server";

const Start = t.type({ consolePort: t.number });

const Shown = t.type({
  stack: t.string,
  aws: t.type({
    endpoint: t.string,
    credentials: t.type({ accessKeyId: t.string, secretAccessKey: t.string }),
  }),
  notifications: t.string,
});
type Shown = t.TypeOf<typeof Shown>;

const serve = async (port: number): Promise<void> => {
  const { promise: told, resolve } = Promise.withResolvers<Shown>();
  parentPort?.on("message", (message: unknown) => {
    if (Shown.is(message)) resolve(message);
  });
  // AWS's SDK is loaded when a page is looked at, not with every start of the platform.
  let made: Promise<App> | undefined;
  const app = (): Promise<App> =>
    (made ??= told.then(async (shown) =>
      (await import("./app")).appOf({
        ...shown,
        pace: LOCAL,
        ...(parentPort === null ? {} : { host: hostAt(parentPort) }),
      }),
    ));
  try {
    const page = join(__dirname, "console");
    const { url } = await serveConsole({ port, page, app, pace: LOCAL });
    parentPort?.postMessage({ url });
  } catch (error) {
    parentPort?.postMessage(isTaken(error) ? { taken: true } : { failed: reasonOf(error) });
  }
};

if (Start.is(workerData)) void serve(workerData.consolePort);
