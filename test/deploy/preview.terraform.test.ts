/** Which previews there are by states on disk, and wrong use. The story has one deployed, found and destroyed. */
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { makeWorld, type World } from "./support/world";
import { type Finished, run } from "../support/process";

let world: World;
beforeEach(() => {
  world = makeWorld({ backend: { type: "local" } });
});
afterEach(() => world.end());

const preview = (...args: ReadonlyArray<string>): Promise<Finished> =>
  run(process.execPath, [resolve("dist/preview.js"), ...args], { cwd: world.folder, env: world.env });

/** What an apply of a preview leaves on disk, or what destroying it does: a state without resources. */
const writeState = (number: number, created: string | undefined, isThere: boolean): void => {
  const release = { version: "1", commit: "c", stack: "s", bundles: "b" };
  const strings = { version: "string", commit: "string", stack: "string", bundles: "string" };
  const preview = { pull_request: "number", created: "string" };
  const output = {
    value: { ...release, preview: { pull_request: number, created } },
    type: ["object", { ...strings, preview: ["object", preview] }],
  };
  const resource = {
    mode: "managed",
    type: "terraform_data",
    name: "first",
    provider: 'provider["terraform.io/builtin/terraform"]',
    instances: [{ schema_version: 0, attributes: { id: "1" } }],
  };
  writeFileSync(
    join(world.folder, `pv${number}.tfstate`),
    JSON.stringify({
      version: 4,
      terraform_version: "1.11.0",
      serial: 1,
      lineage: "0e0d6f4e-0000-4000-8000-000000000000",
      outputs: created === undefined ? {} : { release: output },
      resources: isThere ? [resource] : [],
    }),
  );
};

it("finds those whose states have resources, and says when each was deployed last", async () => {
  expect(await preview("list")).toEqual({ code: 0, stdout: "", stderr: "" });
  writeState(123, "2026-11-23T14:05:00.000Z", true);
  writeState(124, "2026-11-23T14:05:00.000Z", false);
  writeState(99, undefined, true);
  writeState(125, new Date().toISOString(), true);
  const old = [
    "99        pv99         does not say when it was deployed",
    "123       pv123        2026-11-23T14:05:00.000Z",
  ];
  const listed = await preview("list");
  expect(listed).toMatchObject({ code: 0, stderr: "" });
  expect(listed.stdout.split("\n")).toEqual([...old, expect.stringMatching(/^125 +pv125 +\d{4}-/), ""]);
  expect(await preview("expired")).toEqual({ code: 0, stdout: `${old.join("\n")}\n`, stderr: "" });
});

it.each([
  [["create", "main"], "main: expected the number of a pull request, such as 123"],
  [["create", "123", "--from", "nowhere"], "there is no environment nowhere"],
  [["expired", "--days", "soon"], "--days soon: expected a number of days"],
])("%j is wrong use, and does nothing", async (args, said) => {
  const { code, stderr } = await preview(...args);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(said) });
});
