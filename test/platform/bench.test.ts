import { globSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { runCommand } from "../support/process";
import { temporaryFolder } from "../support/temporary-folder";

const functions = globSync("functions/*/handler.ts")
  .map((file) => basename(dirname(file)))
  .sort();

describe("npm run bench -- cold", () => {
  it("starts each function and its bare client, and tells how they compare", async () => {
    const file = join(temporaryFolder("bench"), "bench.json");
    const { code, stdout, stderr } = await runCommand("bench", ["cold", "--rounds", "1", "--json", file]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect([...stdout.matchAll(/^\| ([\w-]+) +\| \d+\.\d\d .*\|$/gm)].map(([, name]) => name).sort()).toEqual(
      functions,
    );
    const { cold } = JSON.parse(readFileSync(file, "utf8")) as {
      cold: { rows: ReadonlyArray<{ name: string; ratios: ReadonlyArray<number> }> };
    };
    expect(cold.rows.map(({ name }) => name).sort()).toEqual(functions);
    for (const { ratios } of cold.rows) {
      const [time, cpu, size] = ratios;
      expect(time).toBeGreaterThan(0);
      expect(cpu).toBeGreaterThan(0);
      // The bare client has the commands: it is no empty module.
      expect(size).toBeLessThan(1);
      expect(size).toBeGreaterThan(0.05);
    }
  });

  it.each(["0", "many", "1.5"])("refuses --rounds %s", async (rounds) => {
    expect(await runCommand("bench", ["cold", "--rounds", rounds])).toEqual({
      code: 2,
      stdout: "",
      stderr: `--rounds ${rounds}: expected a whole number from 1 to 9999\n`,
    });
  });
});

describe("npm run bench -- growth", () => {
  it.each(["0", "2000000", "many"])("refuses --up-to %s", async (most) => {
    expect(await runCommand("bench", ["growth", "--up-to", most])).toEqual({
      code: 2,
      stdout: "",
      stderr: `--up-to ${most}: expected a whole number from 1 to 1000000\n`,
    });
  });
});
