import { existsSync, readdirSync, readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { join } from "node:path";
import * as t from "io-ts";
import { parseJson } from "../../json";

const Payload = t.type({
  file: t.string,
  version: t.number,
  sources: t.array(t.string),
  sourcesContent: t.array(t.string),
  names: t.array(t.string),
  mappings: t.string,
  sourceRoot: t.string,
});

/** The map of a bundle: its own, or the one that the build wrote beside the same code. */
export const mapFileOf = (bundle: string, built: string): string | undefined => {
  const own = join(bundle, "index.js.map");
  if (existsSync(own)) return own;
  const code = readFileSync(join(bundle, "index.js"));
  const folders = existsSync(built) ? readdirSync(built) : [];
  return folders
    .map((name) => join(built, name, "index.js"))
    .filter((file) => existsSync(file) && existsSync(`${file}.map`) && readFileSync(file).equals(code))
    .map((file) => `${file}.map`)[0];
};

const readMap = (bundle: string, built: string): SourceMap | undefined => {
  const file = mapFileOf(bundle, built);
  if (file === undefined) return undefined;
  const parsed = parseJson(readFileSync(file, "utf8"));
  const payload = Object.assign({ file: "", sourceRoot: "", sourcesContent: [] }, parsed);
  return Payload.is(payload) ? new SourceMap(payload) : undefined;
};

const POSITION = /([^\s(]+index\.js):(\d+):(\d+)/;

/**
 * Rewrites the frames of a stack trace from a bundle's positions to those of its TypeScript. Frames outside the
 * bundle, and all of them where it has no map, stay as they are. The map is read at the first exception.
 * @param built the folder in which the build keeps each function's code and map
 */
export const traceInTypeScript = (bundle: string, built: string) => {
  let map: { readonly found: SourceMap | undefined } | undefined;
  return (trace: ReadonlyArray<string>): ReadonlyArray<string> => {
    map ??= { found: readMap(bundle, built) };
    const { found } = map;
    if (found === undefined) return trace;
    return trace.map((frame) =>
      frame.replace(POSITION, (position, file: string, line: string, column: string) => {
        if (!file.startsWith(bundle)) return position;
        const origin = found.findEntry(Number(line) - 1, Number(column) - 1);
        return "originalSource" in origin
          ? `${origin.originalSource.replace(/^(\.\.\/)+/, "")}:${origin.originalLine + 1}:${origin.originalColumn + 1}`
          : position;
      }),
    );
  };
};
