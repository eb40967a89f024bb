/** How long a process of its own takes, as it says itself. */
import { spawnSync } from "node:child_process";
import * as t from "io-ts";
import { jsonOrUndefined } from "../../lib/json";
import { median } from "./table";

const Start = t.type({ ms: t.number, cpuMs: t.number });
export type Start = t.TypeOf<typeof Start>;

/** @param args of Node: a program that prints what it took */
export const start = (args: ReadonlyArray<string>, env: NodeJS.ProcessEnv = {}): Start => {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
  const printed = jsonOrUndefined(stdout);
  if (status === 0 && Start.is(printed)) return printed;
  // Before it Node prints the line of the bundle, which is all of it.
  const reason = stderr.split("\n").findLast((line) => /^\w*Error\b/.test(line)) ?? "it says nothing";
  throw new Error(`node ${args.join(" ")} failed: ${reason}`);
};

export const typical = (starts: ReadonlyArray<Start>): Start => ({
  ms: median(starts.map(({ ms }) => ms)),
  cpuMs: median(starts.map(({ cpuMs }) => cpuMs)),
});
