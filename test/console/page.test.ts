import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const BUILT = "dist/console";
const files = readdirSync(BUILT);
const read = (file: string): Buffer => readFileSync(join(BUILT, file));

it("is smaller than 200 kB when compressed", () => {
  expect(files).toEqual(expect.arrayContaining(["index.html", "page.css", "page.js", "openapi.json"]));
  const bytes = files.reduce((sum, file) => sum + gzipSync(read(file)).length, 0);
  expect(bytes).toBeLessThan(200_000);
});

/** Names of XML's languages, which nobody is asked for. */
const NAMESPACES = /http:\/\/www\.w3\.org\/[\w/]+/g;

it("names no other host", () => {
  // The description of the API says where the API is, as a text.
  const asking = files.filter((file) => file !== "openapi.json");
  const text = asking.map((file) => read(file).toString().replaceAll(NAMESPACES, "")).join("\n");
  expect(text.match(/https?:\/\/[^\s"'`)]+/g)).toBeNull();
});
