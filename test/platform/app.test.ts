import { execFileSync } from "node:child_process";
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../support/temporary-folder";

/** A folder with `dist/main.js` and an app that says its name. */
const built = (name: string, rest = ""): string => {
  const folder = temporaryFolder("app");
  copyFileSync("dist/main.js", join(folder, "main.js"));
  writeFileSync(
    join(folder, "app.js"),
    `const{sep}=require("node:path");console.log("${name}",typeof sep);${rest}`,
  );
  return folder;
};

const run = (folder: string, ...args: ReadonlyArray<string>): string =>
  execFileSync(process.execPath, [join(folder, "main.js"), ...args], { encoding: "utf8" }).trim();

const kept = (folder: string): ReadonlyArray<string> =>
  readdirSync(join(folder, ".compiled"))
    .filter((file) => file.startsWith("app-"))
    .map((file) => join(folder, ".compiled", file));

it("keeps what was compiled of the app, and runs by it", () => {
  const folder = built("one");
  expect(run(folder)).toBe("one string");
  const [file = ""] = kept(folder);
  const compiled = readFileSync(file);
  expect(run(folder)).toBe("one string");
  expect(kept(folder)).toEqual([file]);
  expect(readFileSync(file).equals(compiled)).toBe(true);
});

it("keeps more where a later run compiles more, as after a run that was over at once", () => {
  const seldom = Array.from({ length: 50 }, (_, index) => `()=>{let sum=${index};return sum+=1}`);
  const folder = built("one", `if(process.argv[2]==="all")for(const one of[${seldom.join(",")}])one();`);
  run(folder, "--help");
  const [file = ""] = kept(folder);
  const least = readFileSync(file).length;
  run(folder, "all");
  const most = readFileSync(file);
  expect(most.length).toBeGreaterThan(least);
  run(folder, "--help");
  expect(readFileSync(file).equals(most)).toBe(true);
});

it("runs the app that is there, not one that was", () => {
  const folder = built("one");
  run(folder);
  // Of the same length, which is all that the engine compares.
  copyFileSync(join(built("two"), "app.js"), join(folder, "app.js"));
  expect(run(folder)).toBe("two string");
});

it("compiles again where what was kept is damaged", () => {
  const folder = built("one");
  run(folder);
  const [file = ""] = kept(folder);
  const compiled = readFileSync(file);
  writeFileSync(file, "damaged");
  expect(run(folder)).toBe("one string");
  expect(readFileSync(file).length).toBe(compiled.length);
});

it("runs where nothing can be kept", () => {
  const folder = built("one");
  writeFileSync(join(folder, ".compiled"), "in the way");
  expect(run(folder)).toBe("one string");
});
