/** What people are shown of a plan, for any plan. */
import * as fc from "fast-check";
import { driftReport } from "../../../cli/deploy/drift";
import { humanPlan } from "../../../cli/deploy/human-plan";
import { Review, reviewOf } from "../../../cli/deploy/review";
import { reviewLines, reviewMarkdown } from "../../../cli/deploy/show";
import type { PlanJson } from "../../../cli/terraform/plan-json";
import { type Change } from "../../../cli/terraform/plan-json";

const SECRET = "s3cr3t-value";

const change = (address: string, given: Partial<Change> & Pick<Change, "actions">) => ({
  address,
  change: { before: null, after: null, ...given },
});

/** A value with a secret somewhere in it, and Terraform's marks of where. */
const marked: fc.Arbitrary<{ readonly value: unknown; readonly marks: unknown }> = fc.letrec<{
  node: { value: unknown; marks: unknown };
}>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    fc.constantFrom(...[SECRET, [SECRET, 1], { inner: SECRET }]).map((value) => ({ value, marks: true })),
    fc.jsonValue({ maxDepth: 1 }).map((value) => ({ value, marks: false })),
    fc.array(tie("node"), { maxLength: 3 }).map((nodes) => ({
      value: nodes.map(({ value }) => value),
      marks: nodes.map(({ marks }) => marks),
    })),
    fc.dictionary(fc.constantFrom("name", "policy", "tags"), tie("node")).map((nodes) => ({
      value: Object.fromEntries(Object.entries(nodes).map(([key, { value }]) => [key, value])),
      marks: Object.fromEntries(Object.entries(nodes).map(([key, { marks }]) => [key, marks])),
    })),
  ),
})).node;

const ACTIONS = [
  ["create"],
  ["update"],
  ["delete"],
  ["delete", "create"],
  ["create", "delete"],
  ["forget"],
  ["no-op"],
  ["read"],
] as const;

const everywhere = (review: Review): ReadonlyArray<string> => [
  reviewLines(review).join("\n"),
  reviewMarkdown("Plan of dev", review),
  JSON.stringify(review),
];

test("a sensitive value is in no rendering, wherever in a resource or an output it is", () => {
  fc.assert(
    fc.property(marked, marked, fc.constantFrom(...ACTIONS), (before, after, actions) => {
      const one = {
        actions,
        before: before.value,
        after: after.value,
        before_sensitive: before.marks,
        after_sensitive: after.marks,
      };
      const review = reviewOf({
        format_version: "1.2",
        resource_changes: [{ address: "a.b", change: one }],
        resource_drift: [{ address: "a.c", change: one }],
        output_changes: { out: one },
      });
      for (const text of everywhere(review)) expect(text).not.toContain(SECRET);
    }),
    { numRuns: 2_000 },
  );
});

test("every resource that changes is in every rendering once, and nothing else is", () => {
  const acted = fc.constantFrom(...ACTIONS);
  fc.assert(
    fc.property(fc.array(acted, { maxLength: 30 }), (all) => {
      const plan: PlanJson = {
        format_version: "1.2",
        resource_changes: all.map((actions, index) => change(`aws_sqs_queue.q${index}_`, { actions })),
      };
      const review = reviewOf(plan);
      expect(Review.is(review)).toBe(true);
      for (const text of everywhere(review))
        all.forEach(([first], index) => {
          const times = text.split(`aws_sqs_queue.q${index}_`).length - 1;
          expect(times).toBe(first === "no-op" || first === "read" ? 0 : 1);
        });
    }),
  );
});

test("says why something is replaced, where it was, what is imported, and what is known only later", () => {
  const review = reviewOf({
    format_version: "1.2",
    resource_changes: [
      {
        ...change("aws_sqs_queue.new", {
          actions: ["delete", "create"],
          before: { name: "a", arn: "arn:a", policy: '{"Statement":[{"Action":"sqs:*"}]}' },
          after: { name: "b", policy: '{"Statement":[{"Action":"sqs:SendMessage"}]}' },
          after_unknown: { arn: true },
          replace_paths: [["name"]],
        }),
        action_reason: "replace_because_cannot_update",
        previous_address: "aws_sqs_queue.old",
      },
      change("aws_s3_bucket.found", {
        actions: ["no-op"],
        before: { bucket: "x" },
        after: { bucket: "x" },
        importing: { id: "x" },
      }),
    ],
    output_changes: { version: { actions: ["update"], before: "1", after: "2" } },
  });
  expect(reviewLines(review)).toEqual([
    "1 to replace, 1 to move, 1 to import, 1 outputs to change",
    "  replace  aws_sqs_queue.new    cannot be updated in place: name; moved from aws_sqs_queue.old",
    "             arn: arn:a → (known after apply)",
    "             name: a → b",
    "             policy.Statement[0].Action: sqs:* → sqs:SendMessage",
    "  import   aws_s3_bucket.found  imported: x",
    "outputs:",
    "  update   version",
    "             1 → 2",
  ]);
});

test("in Markdown a value can end neither its cell nor the comment", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("`", "|", "\n", "<", "a", " ", "\\") }), (value) => {
      const review = reviewOf({
        format_version: "1.2",
        resource_changes: [change("a.b", { actions: ["update"], before: { x: "-" }, after: { x: value } })],
      });
      const rows = reviewMarkdown("Plan", review)
        .split("\n")
        .filter((line) => line.startsWith("| "));
      for (const row of rows) expect(row.match(/(?<!\\)\|/g)).toHaveLength(6);
    }),
  );
});

test("nothing that Terraform prints for people makes reading it fail", () => {
  fc.assert(fc.property(fc.string(), (text) => Review.is(humanPlan(text))));
});

describe("drift", () => {
  const queue = (...attributes: ReadonlyArray<readonly [string, string | null, string | null]>) => ({
    address: "aws_sqs_queue.q",
    action: "update" as const,
    reason: null,
    moved_from: null,
    imported: null,
    attributes: attributes.map(([path, before, after]) => ({ path, before, after })),
  });
  const found = (
    drift: ReturnType<typeof queue>,
    known: ReadonlyArray<{ address: string; attribute: string; why: string; until: string }> = [],
  ) =>
    driftReport({
      environment: "dev",
      link: null,
      drift: [drift],
      configured: new Map([["aws_sqs_queue.q", new Set(["delay_seconds", "policy"])]]),
      known,
      today: "2027-01-31",
    });
  const noise = (attribute: string, until: string) => ({
    address: "aws_sqs_queue.q",
    attribute,
    why: "the desk tries it",
    until,
  });

  test("is of attributes that are configured, and of tags, and not of nothing in another spelling", () => {
    const { drifted } = found(
      queue(["delay_seconds", "0", "5"], ["arn", "a", "b"], ["policy", null, "{}"], ["tags.owner", "x", "y"]),
    );
    expect(drifted.map(({ attributes }) => attributes.map(({ path }) => path))).toEqual([
      ["delay_seconds", "tags.owner"],
    ]);
    expect(found(queue(["arn", "a", "b"])).drifted).toEqual([]);
  });

  test("leaves out what is known, inside it too, up to and with its day, and says so", () => {
    const report = found(
      queue(["delay_seconds", "0", "5"], ["policy.Statement[0].Effect", "Allow", "Deny"]),
      [noise("delay_seconds", "2027-01-31"), noise("policy", "2027-02-01")],
    );
    expect(report.drifted).toEqual([]);
    expect(report.known).toHaveLength(2);
    expect(report.outdated).toEqual([]);
  });

  test("names an entry that has expired, which hides nothing, and one that nothing matches", () => {
    const report = found(queue(["delay_seconds", "0", "5"]), [
      noise("delay_seconds", "2027-01-30"),
      noise("policy", "2027-12-31"),
    ]);
    expect(report.drifted).toHaveLength(1);
    expect(report.outdated.map(({ attribute, because }) => `${attribute}: ${because}`)).toEqual([
      "delay_seconds: was known until 2027-01-30",
      "policy: nothing differs there any more",
    ]);
  });
});
