/** The programs (the cdktf app, the local platform, the commands), each bundled into `dist/<program>.js`. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { common, outdir, replace, root } from "./files.mts";

export const PROGRAMS = {
  main: "main.ts",
  local: "local/main.ts",
  synth: "cli/synth.ts",
  submit: "cli/submit.ts",
  redrive: "cli/redrive.ts",
  replay: "cli/replay.ts",
  logs: "cli/logs.ts",
  trace: "cli/trace.ts",
  soak: "cli/soak.ts",
  release: "cli/release.ts",
  audit: "cli/audit.ts",
  security: "test/security/write.ts",
  contract: "test/contract/contract.ts",
  checkov: "test/security/checkov.ts",
  deploy: "cli/deploy.ts",
  smoke: "cli/smoke.ts",
  github: "cli/github.ts",
  account: "cli/account.ts",
  preflight: "cli/preflight.ts",
  preview: "cli/preview.ts",
  emulate: "cli/emulate.ts",
  openapi: "cli/openapi.ts",
};
const stampOf = (file: string): string => {
  const found = statSync(join(root, file), { throwIfNoEntry: false });
  return `${file}\t${found === undefined ? "absent" : `${found.mtimeMs} ${found.size}`}`;
};

/** Every file that a program was built from, and its own, as they were. */
const stampsFile = (name: string): string => join(outdir, `${name}.built`);

const isCurrent = (name: string): boolean =>
  existsSync(stampsFile(name)) &&
  readFileSync(stampsFile(name), "utf8")
    .split("\n")
    .every((stamp) => stampOf(stamp.split("\t")[0] ?? "") === stamp);

/** @param named none: all of them */
export const buildPrograms = async (named: ReadonlyArray<string>): Promise<void> => {
  const changed = Object.entries(PROGRAMS).filter(
    ([name]) => (named.length === 0 || named.includes(name)) && !isCurrent(name),
  );
  if (changed.length === 0) return;
  const began = Date.now();
  const { build } = await import("esbuild");
  const { outputFiles, metafile } = await build({
    ...common,
    metafile: true,
    entryPoints: Object.fromEntries(changed),
    outdir,
    packages: "external",
  });
  for (const { path, contents } of outputFiles ?? []) replace(path, contents);
  for (const [name] of changed) {
    const output = `dist/${name}.js`;
    const inputs = Object.keys(metafile.outputs[output]?.inputs ?? {});
    const stamps = [...inputs, "package-lock.json", "cli/build/files.mts", "cli/build/programs.mts"].map(
      (file) =>
        // What was written while it was read may not be what was read.
        statSync(join(root, file)).mtimeMs < began ? stampOf(file) : `${file}\twritten meanwhile`,
    );
    replace(stampsFile(name), Buffer.from([...stamps, stampOf(output)].join("\n")));
  }
};
