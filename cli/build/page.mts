/** The console's page, bundled for browsers into `dist/console/`. */
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { common, outdir, replace, root } from "./files.mts";
import { areCurrent, stamps } from "./stamps.mts";

const SOURCES = join("console", "page");
const COPIED = [join(SOURCES, "index.html"), join(SOURCES, "icon.svg"), join("docs", "openapi.json")];
const OUTPUTS = ["page.js", "page.css", ...COPIED.map((file) => basename(file))].map((file) =>
  join("dist", "console", file),
);

const PAGE = "console-page";

export const buildPage = async (): Promise<void> => {
  if (areCurrent(PAGE)) return;
  const began = Date.now();
  const { build } = await import("esbuild");
  const { outputFiles, metafile } = await build({
    ...common,
    metafile: true,
    entryPoints: { page: join(SOURCES, "main.tsx"), style: join(SOURCES, "page.css") },
    entryNames: "page",
    outdir: join(outdir, "console"),
    platform: "browser",
    target: "es2023",
    format: "esm",
    minify: true,
    tsconfig: join(root, SOURCES, "tsconfig.json"),
  });
  for (const { path, contents } of outputFiles ?? []) replace(path, contents);
  for (const file of COPIED) replace(join(outdir, "console", basename(file)), readFileSync(join(root, file)));
  stamps(PAGE, began, [...Object.keys(metafile.inputs), ...COPIED, "cli/build/page.mts"], OUTPUTS);
};
