import { runCommand } from "../support/process";

/** A small soak: the command as a person runs it, with faults all the while and the platform killed. */

const soak = (...args: string[]) => runCommand("soak", args, { seconds: 480 });

const count = (output: string, name: string): number =>
  Number(new RegExp(`^${name} +(\\d+)`, "m").exec(output)?.[1]);

describe("the soak", () => {
  it("loses nothing, counts nothing twice and sees no status go back, whatever fails and is killed", async () => {
    const { stdout, stderr, code } = await soak("--orders", "300", "--kills", "3", "--seed", "7");
    expect(`${stderr}${stdout.includes("must be 0") ? stdout : ""}`).toBe("");
    for (const name of ["lost", "counted twice", "announced too often", "went backwards"])
      expect(count(stdout, name)).toBe(0);
    for (const name of ["answered 201", "stored", "submitted, distinct"])
      expect(count(stdout, name)).toBe(300);
    expect(count(stdout, "accepted")).toBe(count(stdout, "archived"));
    expect(count(stdout, "rejected")).toBe(count(stdout, "announced"));
    expect(count(stdout, "accepted") + count(stdout, "rejected")).toBe(300);
    expect(count(stdout, "submitted, sends")).toBeGreaterThanOrEqual(300);
    expect(code).toBe(0);
  });

  it("finds orders, lists, queue, archive and announcements agreeing after chaos, and every damaged file told", async () => {
    const { stdout, stderr, code } = await soak(
      ...["--orders", "100", "--kills", "2", "--seed", "4", "--chaos", "--without", "disk"],
    );
    expect(`${stderr}${stdout.includes("must be 0") ? stdout : ""}`).toBe("");
    for (const name of [
      "lost",
      "stored, never posted",
      "not cut off",
      "listed wrongly",
      "left in the queue",
      "damage not told",
    ])
      expect(count(stdout, name)).toBe(0);
    for (const name of ["answered 201", "stored", "submitted, distinct"])
      expect(count(stdout, name)).toBe(100);
    expect(code).toBe(0);
  });

  it("keeps what a desk is promised: gates, limits, cancelling, a halt, what is awarded in part", async () => {
    const { stdout, stderr, code } = await soak("--orders", "60", "--kills", "1", "--seed", "3", "--desk");
    expect(`${stderr}${stdout.includes("must be 0") ? stdout : ""}`).toBe("");
    for (const name of [
      "lost",
      "counted twice",
      "cancelled in vain",
      "awarded wrongly",
      "sent after its gate",
      "sent while halted",
      "over its limit",
      "ended, not archived",
    ])
      expect(count(stdout, name)).toBe(0);
    for (const name of ["expired", "cancelled", "awarded in part"])
      expect(count(stdout, name)).toBeGreaterThan(0);
    expect(code).toBe(0);
  });

  it("says what is wrong with its options", async () => {
    expect(await soak()).toMatchObject({ code: 2, stdout: "" });
    expect(await soak("--orders", "many")).toMatchObject({
      code: 2,
      stderr: "soak: --orders many: expected a whole number\n",
    });
    expect(await soak("--orders", "1", "--desk", "--chaos")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("add --without clock"),
    });
    expect(await soak("--orders", "1", "--without", "luck")).toMatchObject({
      code: 2,
      stderr: "soak: --without luck: expected one of clock, disk, rude, repeat, damage\n",
    });
  });
});
