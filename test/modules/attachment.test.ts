import { existsSync, readFileSync, statSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { TerraformOutput, TerraformStack } from "cdktf";
import { Attachment } from "../../modules/attachment";
import { synthesized } from "../../stacks/app";
import { temporaryFolder } from "../support/temporary-folder";

const folder = temporaryFolder("attachment");
const file = join(folder, "bundle.zip");
const root = join(folder, "out", "stacks", "test");

/** Synthesizes a stack with the file attached. Returns where its copy lies. */
const attached = (content: string): string => {
  writeFileSync(file, content);
  let path = "";
  synthesized(join(folder, "out"), (app) => {
    const stack = new TerraformStack(app, "test");
    ({ path } = new Attachment(stack, "code", file));
    new TerraformOutput(stack, "path", { value: path });
  });
  return join(root, path);
};

it("lies where cdktf puts an asset, by what is in it", () => {
  expect(attached("one")).toMatch(/\/assets\/code\/F97C5D29941BFB1B2FDAB0874906AB82\/bundle\.zip$/);
  expect(readFileSync(attached("one"), "utf8")).toBe("one");
});

it("is left alone where it is there already", () => {
  const copy = attached("one");
  utimesSync(copy, 1, 1);
  expect(attached("one")).toBe(copy);
  expect(statSync(copy).mtimeMs).toBe(1_000);
});

it("is copied again where its copy was broken off", () => {
  const copy = attached("one");
  truncateSync(copy, 1);
  attached("one");
  expect(readFileSync(copy, "utf8")).toBe("one");
});

it("takes the place of what was attached before", () => {
  const before = attached("one");
  const after = attached("two");
  expect(readFileSync(after, "utf8")).toBe("two");
  expect(existsSync(before)).toBe(false);
});
