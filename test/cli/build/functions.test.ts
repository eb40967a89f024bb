import { globSync, readFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { unzipSync } from "fflate";

const functions = globSync("functions/*/handler.ts").map((file) => basename(dirname(file)));

describe.each(functions)("the bundle of %s", (name) => {
  const code = (): Buffer => readFileSync(`dist/functions/${name}/index.js`);

  it("is at most 350 kB", () => {
    expect(code().length).toBeLessThanOrEqual(350_000);
  });

  it("is all that is in the zip; its source map lies beside it", () => {
    const files = unzipSync(readFileSync(`dist/functions/${name}.zip`));
    expect(Object.keys(files)).toEqual(["index.js"]);
    expect(Buffer.from(files["index.js"] ?? []).equals(code())).toBe(true);
    expect(code().includes("sourceMappingURL")).toBe(false);
    expect(JSON.parse(readFileSync(`dist/functions/${name}/index.js.map`, "utf8"))).toMatchObject({
      sources: expect.arrayContaining([expect.stringMatching(`functions/${name}/handler.ts$`)]),
    });
  });
});
