import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";

/** This repository as it is, committed or not, in a repository of its own in which a test may change things. */
export type Checkout = {
  readonly folder: string;
  readonly git: (...args: ReadonlyArray<string>) => string;
  readonly build: () => void;
};

/** With their times, by which the build knows what it built. */
const copy = (names: Iterable<string>, folder: string): void => {
  execFileSync("cp", ["-Rp", ...names, folder]);
};

/**
 * @param folder does not exist yet
 * @param prepare changes files before the first commit
 */
export const checkoutIn = (folder: string, prepare: () => void = () => undefined): Checkout => {
  const git: Checkout["git"] = (...args) =>
    execFileSync("git", ["-c", "user.name=test", "-c", "user.email=test@example.com", ...args], {
      cwd: folder,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
  const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], {
    encoding: "utf8",
  });
  mkdirSync(folder, { recursive: true });
  copy(new Set(files.split("\0").flatMap((file) => file.split("/")[0] || [])), folder);
  prepare();
  git("init", "--quiet");
  git("add", "--all");
  git("commit", "--quiet", "--message", "a release");
  // What is not in the repository, as after npm ci.
  symlinkSync(resolve("node_modules"), join(folder, "node_modules"), "dir");
  return {
    folder,
    git,
    build: () => {
      execFileSync(process.execPath, ["cli/build.mts", "--quiet"], { cwd: folder });
    },
  };
};

/** As `checkoutIn`, with what was built of this repository: only what is changed in it is built again. */
export const builtIn: typeof checkoutIn = (folder, prepare) => {
  const checkout = checkoutIn(folder, prepare);
  // Without what is there for a moment: what a program that runs has compiled, and files not yet written whole.
  const kept = readdirSync("dist").filter((name) => !/^\.|\.\d+$/.test(name));
  mkdirSync(join(folder, "dist"));
  copy(
    kept.map((name) => join("dist", name)),
    join(folder, "dist"),
  );
  checkout.build();
  return checkout;
};
