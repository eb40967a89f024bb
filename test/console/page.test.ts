import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const BUILT = "dist/console";
const files = readdirSync(BUILT);
const contents = files.map((file) => readFileSync(join(BUILT, file)));

it("is smaller than 200 kB when compressed", () => {
  expect(files).toEqual(expect.arrayContaining(["index.html", "page.css", "page.js"]));
  const bytes = contents.reduce((sum, content) => sum + gzipSync(content).length, 0);
  expect(bytes).toBeLessThan(200_000);
});

/** Names of XML's languages, which nobody is asked for. */
const NAMESPACES = /http:\/\/www\.w3\.org\/[\w/]+/g;

it("names no other host", () => {
  const text = contents.map((content) => content.toString().replaceAll(NAMESPACES, "")).join("\n");
  expect(text.match(/https?:\/\/[^\s"'`)]+/g)).toBeNull();
});
