/** The programs (the cdktf app, the local platform, the commands), each bundled into `dist/<program>.js`. */
import { basename, join } from "node:path";
import type { BuildOptions } from "esbuild";
import { common, forgetCompiled, outdir, replace, root } from "./files.mts";
import { PARTS, platformBuild } from "./platform.mts";
import { areCurrent, stamps } from "./stamps.mts";

export const PROGRAMS = {
  main: "cli/app.ts",
  app: "main.ts",
  local: "local/main.ts",
  ...PARTS,
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

const BUILDERS = ["cli/build/programs.mts", "cli/build/platform.mts"];

/** What a program has compiled of itself and of its packages, the next start of it finds compiled. */
const banner = {
  js: `"use strict";require("node:module").enableCompileCache?.(require("node:path").join(__dirname,".compiled"));`,
};

const stub = (file: string): string => join(root, "cli", "build", "stubs", file);

/** The app is bundled with its packages: loading cdktf file by file takes longer than the synthesis of a stack. */
export const appBuild: BuildOptions = {
  ...common,
  entryPoints: { app: PROGRAMS.app },
  outdir,
  mainFields: ["module", "main"],
  minifySyntax: true,
  minifyWhitespace: true,
  alias: {
    archiver: stub("never-called.cts"),
    semver: stub("never-called.cts"),
    "json-stable-stringify": stub("stable-stringify.cts"),
  },
};

/** @param named none: all of them */
export const buildPrograms = async (named: ReadonlyArray<string>): Promise<void> => {
  const changed = Object.entries(PROGRAMS).filter(
    ([name]) => (named.length === 0 || named.includes(name)) && !areCurrent(name),
  );
  if (changed.length === 0) return;
  forgetCompiled();
  const began = Date.now();
  const { build } = await import("esbuild");
  const having = (build: BuildOptions, has: (name: string) => boolean): ReadonlyArray<BuildOptions> => {
    const some = changed.filter(([name]) => has(name));
    return some.length === 0 ? [] : [{ ...build, entryPoints: Object.fromEntries(some) }];
  };
  const isApp = (name: string): boolean => name === "app";
  const isPart = (name: string): boolean => Object.hasOwn(PARTS, name);
  const builds = [
    ...having(appBuild, isApp),
    ...having(platformBuild, isPart),
    ...having({ ...common, banner, outdir, packages: "external" }, (name) => !isApp(name) && !isPart(name)),
  ];
  for (const { outputFiles = [], metafile } of await Promise.all(
    builds.map((options) => build({ ...options, metafile: true })),
  )) {
    for (const { path, contents } of outputFiles) replace(path, contents);
    for (const [output, { inputs }] of Object.entries(metafile.outputs)) {
      // Of packages, the lock file says whether they are others.
      const sources = Object.keys(inputs).filter((input) => !input.startsWith("node_modules/"));
      stamps(basename(output, ".js"), began, [...sources, ...BUILDERS], [output]);
    }
  }
};
