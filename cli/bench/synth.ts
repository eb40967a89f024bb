/** How long the synthesis of every environment takes, beside loading cdktf alone. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Start, start, typical } from "./start";
import { aligned } from "./table";

/** From the start of the process to its end. */
const PROBE = `
process.once("exit", () => {
  const { user, system } = process.cpuUsage();
  process.stdout.write(JSON.stringify({ ms: performance.now(), cpuMs: (user + system) / 1e3 }));
});
`;

export type Synthesis = { readonly ours: Start; readonly baseline: Start };

/** @param rounds how often each is done, in turns */
export const synth = (rounds: number): Synthesis => {
  const folder = mkdtempSync(join(tmpdir(), "bench-synth-"));
  try {
    const probe = join(folder, "probe.cjs");
    writeFileSync(probe, PROBE);
    const outdir = join(folder, "out");
    const pairs = Array.from({ length: rounds }, () => ({
      baseline: start(["--require", probe, "--eval", 'require("cdktf")']),
      ours: start(["--require", probe, join("dist", "main.js"), "--outdir", outdir]),
    }));
    return {
      ours: typical(pairs.map(({ ours }) => ours)),
      baseline: typical(pairs.map(({ baseline }) => baseline)),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

export const synthTable = ({ ours, baseline }: Synthesis): ReadonlyArray<string> =>
  aligned([
    ["synthesis of", "time", "CPU", "ms", "cdktf alone ms"],
    [
      "every environment",
      (ours.ms / baseline.ms).toFixed(2),
      (ours.cpuMs / baseline.cpuMs).toFixed(2),
      ours.ms.toFixed(0),
      baseline.ms.toFixed(0),
    ],
  ]);
