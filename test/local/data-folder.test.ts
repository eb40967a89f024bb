import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { ClassicLevel } from "classic-level";
import { openDataFolder } from "../../local/data-folder";
import { newFolder } from "../platform/support/fixture";

/** What the platform takes for its own, and deletes. */

const open = async (data: string, fresh = false) => {
  const folder = await openDataFolder(data, fresh, "a stack");
  await folder.release();
  return folder;
};

const refusal = (data: string, fresh = false): Promise<string> =>
  open(data, fresh).then(
    () => "opened",
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );

const write = (...path: ReadonlyArray<string>): string => {
  const file = join(...path);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, "mine");
  return file;
};

describe("a data folder", () => {
  it("is marked when it is made, with who made it, its format and what it was made for", async () => {
    const data = join(newFolder(), "new");
    const { paths } = await open(data);
    expect(JSON.parse(readFileSync(paths.marker, "utf8"))).toMatchObject({
      made_by: "orders-platform",
      format: 2,
      stack: "a stack",
    });
    expect(await refusal(data)).toBe("opened");
  });

  it.each([false, true])(
    "that holds a thesis and no marker is refused by name (--fresh: %s)",
    async (fresh) => {
      const data = newFolder();
      const thesis = write(data, "thesis.txt");
      expect(await refusal(data, fresh)).toBe(
        `${data}: is not a data folder of the platform (it holds thesis.txt, but no platform.json): ` +
          "nothing in it was touched; name a new or an empty folder with --data",
      );
      expect(readdirSync(data)).toEqual(["thesis.txt"]);
      expect(readFileSync(thesis, "utf8")).toBe("mine");
    },
  );

  it.each(["empty", "holding a file", "a database with entries"])(
    "with somebody else's directory `lock`, %s, is refused and stays as it is",
    async (kind) => {
      const data = newFolder();
      const lock = join(data, "lock");
      mkdirSync(lock);
      if (kind === "holding a file") write(lock, "key");
      if (kind === "a database with entries") {
        const level = new ClassicLevel(lock);
        await level.put("a", "b");
        await level.close();
      }
      const before = readdirSync(lock);
      expect(await refusal(data, true)).toMatch(/is not a data folder of the platform \(it holds lock/);
      expect(readdirSync(lock)).toEqual(before);
      expect(readdirSync(data)).toEqual(["lock"]);
    },
  );

  it("of a release before the marker is recognized by its layout, and marked", async () => {
    const data = newFolder();
    const level = new ClassicLevel(join(data, "lock"));
    await level.open();
    await level.close();
    write(data, "schedules.json");
    const { paths } = await open(data);
    expect(existsSync(paths.marker)).toBe(true);
  });

  it("that only looks like an old one, with files that were never ours, is refused", async () => {
    const data = newFolder();
    const level = new ClassicLevel(join(data, "lock"));
    await level.open();
    await level.close();
    write(data, "thesis.txt");
    expect(await refusal(data)).toMatch(/is not a data folder of the platform/);
  });

  it("of a newer release is refused", async () => {
    const data = newFolder();
    const { paths } = await open(data);
    writeFileSync(paths.marker, JSON.stringify({ made_by: "orders-platform", format: 3, stack: "" }));
    expect(await refusal(data)).toMatch(/platform.json: the folder has format 3, made by a newer release/);
  });

  it("with another program's platform.json is refused", async () => {
    const data = newFolder();
    writeFileSync(join(data, "platform.json"), "{}");
    expect(await refusal(data, true)).toMatch(
      /platform.json: does not say that the platform made this folder/,
    );
  });
});

describe("--fresh", () => {
  it("deletes what the platform made and nothing else, however deep it lies", async () => {
    const data = newFolder();
    await open(data);
    const foreign = [
      write(data, "thesis.txt"),
      write(data, "notes", "chapter.txt"),
      write(data, "logs", "thesis.txt"),
      write(data, "dynamodb", "mine", "000001.ldb"),
      write(data, "buckets", "buckets", "b", "objects", "thesis.txt"),
    ];
    const own = [
      write(data, "logs", "place-orders.log"),
      write(data, "dynamodb", "000005.ldb"),
      write(data, "queues", "fauxqs.db-wal"),
      write(data, "buckets", "buckets", "b", "objects", "orders", "1.json.data"),
      write(data, "bundles", "0123456789abcdef0123", "index.js"),
      write(data, "schedules.json"),
    ];
    const { leftAlone } = await open(data, true);
    expect(foreign.filter((file) => !existsSync(file))).toEqual([]);
    expect(own.filter((file) => existsSync(file))).toEqual([]);
    expect([...leftAlone].sort()).toEqual(foreign.slice(2).sort());
  });

  it("follows no symbolic link", async () => {
    const data = newFolder();
    await open(data);
    const outside = newFolder();
    const log = write(outside, "place-orders.log");
    mkdirSync(join(data, "logs"));
    symlinkSync(outside, join(data, "logs", "elsewhere"));
    symlinkSync(log, join(data, "logs", "linked.log"));
    await open(data, true);
    expect(readFileSync(log, "utf8")).toBe("mine");
    expect(lstatSync(join(data, "logs", "linked.log")).isSymbolicLink()).toBe(true);
  });
});

describe("what stands in the place of something of the platform's", () => {
  it.each([
    [
      "a file where a folder belongs",
      (data: string) => writeFileSync(join(data, "logs"), "mine"),
      "logs: expected a folder, found a file",
    ],
    [
      "a folder where a file belongs",
      (data: string) => mkdirSync(join(data, "schedules.json")),
      "schedules.json: expected a file, found a folder",
    ],
    [
      "a link out of the folder",
      (data: string) => symlinkSync(newFolder(), join(data, "dynamodb")),
      "dynamodb: expected a folder, found a symbolic link",
    ],
  ])("is refused by its path and stays: %s", async (_, make, line) => {
    for (const fresh of [false, true]) {
      const data = newFolder();
      await open(data);
      make(data);
      expect(await refusal(data, fresh)).toBe(
        `${data}/${line}, which the platform did not make: move it away`,
      );
      expect(readdirSync(data)).toContain(line.split(":")[0]);
      rmSync(data, { recursive: true });
    }
  });
});
