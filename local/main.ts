/**
 * The local platform. One program, several threads, each a part of it: the platform itself (cli.ts), and the servers
 * that hold its data (services/…/thread.ts). Each part is a bundle of its own beside this one, with its packages.
 * Functions run in threads of another program (function.ts).
 */
import { join } from "node:path";
import { isMainThread, workerData } from "node:worker_threads";
import { runKept } from "../lib/kept-program";

const partOf = (told: unknown): unknown => Reflect.get(Object(told), "part");

runKept(join(__dirname, isMainThread ? "platform.js" : `${String(partOf(workerData))}-thread.js`));
