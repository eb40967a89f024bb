import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { isRight } from "fp-ts/Either";
import { previewOf } from "../../environments/preview";
import { expired } from "../../cli/preview/existing";
import { Environment } from "../../environments/environment";
import { loadEnvironments } from "../../environments/load";
import { declaredEnvironments, shippedEnvironments } from "../support/synth";
import { temporaryFolder } from "../support/temporary-folder";

const environmentOf = (name: string): Environment => {
  const found = shippedEnvironments().find((one) => one.name === name);
  if (found === undefined) throw new Error(`no environment ${name}`);
  return found;
};
const [dev, prod] = [environmentOf("dev"), environmentOf("prod")];
const created = new Date("2026-11-23T14:05:00Z");
const preview = (number: number, template = dev) => previewOf(template, { number, created });

describe("a preview environment", () => {
  it.each([
    ["dev", dev],
    ["prod, if somebody insisted", prod],
  ])("of %s is one that the codec and its rules take", (_, template) => {
    const folder = temporaryFolder("preview");
    for (const number of [1, 999_999_999]) {
      const made = preview(number, template);
      writeFileSync(join(folder, `${made.name}.json`), JSON.stringify(Environment.encode(made)));
    }
    expect(loadEnvironments(folder)).toMatchObject({ _tag: "Right" });
  });

  it("keeps nothing longer than it must, reserves nothing and rings nobody up", () => {
    expect(preview(123, prod)).toMatchObject({
      name: "pv123",
      retention: { logs_days: 1, orders_days: 1, archive_days: 1, table_recovery: false },
      deletion_protection: false,
      schedules: { results: { expression: "rate(1 hour)" }, sweep: { expression: "rate(1 hour)" } },
      alarms: { recipients: [] },
      tags: { environment: "pv123" },
    });
    expect(
      Object.values(preview(123, prod).functions).flatMap(({ concurrency }) => concurrency ?? []),
    ).toEqual([]);
    expect(preview(123, prod).promoted_from).toBeUndefined();
  });

  it("never bids on a real auction platform", () => {
    expect(preview(123, prod).auction).toMatchObject({ type: "simulator", seed: "pv123" });
  });

  it("has a state of its own, wherever its template's is", () => {
    expect(preview(123).backend).toMatchObject({ workspace: "orders-pv123" });
    const s3 = { type: "s3" as const, bucket: "state", region: "eu-central-1" };
    const keyOf = (key: string) => preview(123, { ...dev, backend: { ...s3, key } }).backend;
    expect(keyOf("orders/dev.tfstate")).toMatchObject({ key: "orders/pv123.tfstate" });
    expect(keyOf("orders/state.tfstate")).toMatchObject({ key: "orders/state-pv123.tfstate" });
  });

  it("shares nothing with another one nor with its template, but the parameters it only reads", () => {
    const stacks = declaredEnvironments([dev, preview(123), preview(456)]);
    const [one, other] = ["pv123", "pv456"].map((name) => stacks.get(name)?.text ?? "");
    // One is the other under another name, and every name in it is its own.
    expect(one?.replaceAll("pv123", "pv456")).toBe(other);
    expect(other).not.toContain("pv123");
    const inCommon = one?.match(/[\w/.-]*\bdev\b[\w/.-]*/g) ?? [];
    expect([...new Set(inCommon)].filter((text) => !text.endsWith("/orders/dev/slack-webhook"))).toEqual([]);
  });

  it("has a name that no other environment may have", () => {
    const folder = temporaryFolder("preview");
    const claiming = { ...preview(123), preview: undefined };
    writeFileSync(join(folder, "pv123.json"), JSON.stringify(claiming));
    expect(loadEnvironments(folder)).toMatchObject({
      left: [
        "pv123.json: name: expected a name that is not a preview's; npm run preview makes those, got pv123",
      ],
    });
    writeFileSync(
      join(folder, "pv123.json"),
      JSON.stringify({ ...claiming, preview: { pull_request: 4, created: "2026-11-23T14:05:00Z" } }),
    );
    expect(loadEnvironments(folder)).toMatchObject({
      left: ["pv123.json: name: expected that of its pull request, pv4, got pv123"],
    });
  });

  it("is decoded to what it was encoded from", () => {
    const decoded = Environment.decode(JSON.parse(JSON.stringify(Environment.encode(preview(123)))));
    expect(isRight(decoded) && decoded.right).toEqual(preview(123));
  });
});

describe("a preview is expired", () => {
  const at = (text: string | undefined) => ({
    pullRequest: 123,
    environment: preview(123),
    created: text === undefined ? undefined : new Date(text),
  });
  const isExpired = (text: string | undefined): boolean =>
    expired([at(text)], 3, new Date("2026-11-26T12:00:00Z")).length === 1;

  it("three days after it was deployed last, and not before", () => {
    expect(isExpired("2026-11-23T12:00:01Z")).toBe(false);
    expect(isExpired("2026-11-23T12:00:00Z")).toBe(true);
  });

  it("when it does not say when that was", () => {
    expect(isExpired(undefined)).toBe(true);
  });
});
