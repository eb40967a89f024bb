/** The programs (the cdktf app, the local platform, the commands), each bundled into `dist/<program>.js`. */
import { common, outdir, replace } from "./files.mts";
import { areCurrent, stamps } from "./stamps.mts";

export const PROGRAMS = {
  main: "main.ts",
  local: "local/main.ts",
  "console-thread": "console/main.ts",
  synth: "cli/synth.ts",
  submit: "cli/submit.ts",
  redrive: "cli/redrive.ts",
  replay: "cli/replay.ts",
  halt: "cli/halt.ts",
  resume: "cli/resume.ts",
  logs: "cli/logs.ts",
  trace: "cli/trace.ts",
  console: "cli/console.ts",
  "audit-trail": "cli/audit-trail.ts",
  soak: "cli/soak.ts",
  release: "cli/release.ts",
  audit: "cli/audit.ts",
  security: "test/security/write.ts",
  contract: "test/contract/contract.ts",
  screenshots: "test/console/screenshots.ts",
  checkov: "test/security/checkov.ts",
  deploy: "cli/deploy.ts",
  smoke: "cli/smoke.ts",
  github: "cli/github.ts",
  account: "cli/account.ts",
  preflight: "cli/preflight.ts",
  preview: "cli/preview.ts",
  terraform: "test/terraform/suite.mts",
  emulate: "cli/emulate.ts",
  openapi: "cli/openapi.ts",
  picture: "cli/picture.ts",
  cost: "cli/cost.ts",
  bench: "cli/bench.ts",
};

/** @param named none: all of them */
export const buildPrograms = async (named: ReadonlyArray<string>): Promise<void> => {
  const changed = Object.entries(PROGRAMS).filter(
    ([name]) => (named.length === 0 || named.includes(name)) && !areCurrent(name),
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
    stamps(name, began, [...inputs, "cli/build/programs.mts"], [output]);
  }
};
