import { readFileSync } from "node:fs";
import * as t from "io-ts";

/** What comes from others: under which licence, from where, and what it may run when it is installed. */

const Package = t.partial({
  version: t.string,
  license: t.string,
  resolved: t.string,
  integrity: t.string,
  dev: t.boolean,
  optional: t.boolean,
  inBundle: t.boolean,
  link: t.boolean,
  hasInstallScript: t.boolean,
});
const Lock = t.type({ packages: t.record(t.string, Package) });
const Manifest = t.intersection([
  t.partial({
    dependencies: t.record(t.string, t.string),
    devDependencies: t.record(t.string, t.string),
    allowScripts: t.record(t.string, t.boolean),
  }),
  t.type({ private: t.literal(true) }),
]);

const read = <A>(file: string, codec: t.Type<A>): A => {
  const value: unknown = JSON.parse(readFileSync(file, "utf8"));
  if (!codec.is(value)) throw new Error(`${file}: is not as expected`);
  return value;
};

const FOLDERS = [".", "cli/cdktf"];
const manifestOf = (folder: string) => read(`${folder}/package.json`, Manifest);

/** The entries of a lock file but its own, by the path they are installed at. */
const locked = (folder: string) =>
  Object.entries(read(`${folder}/package-lock.json`, Lock).packages).filter(([path]) => path !== "");

const nameOf = (path: string): string =>
  path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);

describe("licences", () => {
  const PERMISSIVE = ["MIT", "Apache-2.0", "ISC", "BSD-2-Clause", "BSD-3-Clause", "0BSD", "BlueOak-1.0.0"];
  /** Not in the functions, and not on the list: each under exactly this licence, for a reason. */
  const OTHERS: Readonly<Record<string, readonly [licence: string, why: string]>> = {
    cdktf: ["MPL-2.0", "used as it is, on the machine that synthesizes"],
    "@cdktf/provider-aws": ["MPL-2.0", "used as it is, on the machine that synthesizes"],
    jsonify: ["Public Domain", "nobody's; cdktf's"],
  };
  const runtime = locked(".").filter(([, { dev }]) => dev !== true);

  it("of everything at run time are permissive", () => {
    expect(runtime.length).toBeGreaterThan(50);
    const others = runtime.filter(([, { license }]) => !PERMISSIVE.includes(license ?? ""));
    expect(
      others
        .filter(([path, { license }]) => OTHERS[nameOf(path)]?.[0] !== license)
        .map(([path, { license }]) => `${path}: ${license ?? "none"}`),
    ).toEqual([]);
    // No exception outlives what it was made for.
    expect([...new Set(others.map(([path]) => nameOf(path)))].sort()).toEqual(Object.keys(OTHERS).sort());
  });

  it("of everything in the functions are on the list itself", () => {
    const bundled = read("dist/functions/packages.json", t.array(t.string));
    expect(bundled).toEqual(expect.arrayContaining(["@aws-sdk/client-dynamodb", "fp-ts", "io-ts", "pino"]));
    // A package may be installed in several versions: whichever is bundled, its licence is on the list.
    const licences = Map.groupBy(locked("."), ([path]) => nameOf(path));
    const isPermissive = (name: string): boolean =>
      licences.get(name)?.every(([, { license }]) => PERMISSIVE.includes(license ?? "")) === true;
    expect(bundled.filter((name) => !isPermissive(name))).toEqual([]);
    // Nothing that is for development only runs in the cloud.
    const development = new Set(
      locked(".")
        .filter(([, { dev }]) => dev === true)
        .map(([path]) => path),
    );
    expect(bundled.filter((name) => development.has(`node_modules/${name}`))).toEqual([]);
  });
});

describe("packages", () => {
  it.each(FOLDERS)("are named by one version each (%s)", (folder) => {
    const { dependencies, devDependencies } = manifestOf(folder);
    const named = Object.entries({ ...dependencies, ...devDependencies });
    expect(named).not.toEqual([]);
    expect(named.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });

  it.each(FOLDERS)("are locked by what is in them, from the registry alone (%s)", (folder) => {
    expect(
      locked(folder)
        .filter(([, { integrity, inBundle }]) => integrity === undefined && inBundle !== true)
        .map(([path]) => path),
    ).toEqual([]);
    // npm is told (.npmrc) to leave out the registry's address: one that is there is somewhere else's.
    expect(
      locked(folder)
        .filter(([, { resolved, link }]) => link === true || resolved !== undefined)
        .map(([path, { resolved }]) => `${path}: ${resolved ?? "a folder"}`),
    ).toEqual([]);
  });

  it.each(FOLDERS)("run a script at installation only where package.json decides it (%s)", (folder) => {
    const withScript = locked(folder)
      .filter(([, { hasInstallScript }]) => hasInstallScript === true)
      .map(([path]) => nameOf(path));
    const { allowScripts = {} } = manifestOf(folder);
    expect([...new Set(withScript)].sort()).toEqual(Object.keys(allowScripts).sort());
    // The pinned Node, and nothing else.
    expect(Object.keys(allowScripts).filter((name) => allowScripts[name])).toEqual(
      folder === "." ? ["node"] : [],
    );
  });
});
