import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as fc from "fast-check";
import { isLeft, isRight } from "fp-ts/Either";
import { list } from "tar";
import { archiveOf } from "../../cli/hcp/archive";
import { findToken, tokenVariable } from "../../cli/hcp/credentials";
import type { Run } from "../../cli/hcp/documents";
import { isOver, isSettled, standingOf } from "../../cli/hcp/standing";
import { changesOf, driftOf, summaryLines } from "../../cli/hcp/summary";
import { targetOf } from "../../cli/hcp/target";

const folder = mkdtempSync(join(tmpdir(), "hcp-parts-"));
afterAll(() => rmSync(folder, { recursive: true }));

const write = (name: string, content: string): string => {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
};

describe("the token", () => {
  const file = write(
    "credentials.json",
    JSON.stringify({ credentials: { "localhost:8443": { token: "kept" } } }),
  );

  test("is in the variable Terraform reads", () => {
    expect(tokenVariable("app.terraform.io")).toBe("TF_TOKEN_app_terraform_io");
    expect(tokenVariable("tfe.my-company.example")).toBe("TF_TOKEN_tfe_my__company_example");
    expect(findToken("app.terraform.io", { TF_TOKEN_app_terraform_io: "t" }, file)).toMatchObject({
      right: "t",
    });
  });

  test("or in the CLI's credentials file, the only place for a host with a port", () => {
    expect(findToken("localhost:8443", {}, file)).toMatchObject({ right: "kept" });
  });

  test("or missing, and then the variable is named", () => {
    const missing = { left: { _tag: "NoToken", variable: "TF_TOKEN_app_terraform_io" } };
    expect(findToken("app.terraform.io", {}, file)).toMatchObject(missing);
    expect(findToken("app.terraform.io", {}, join(folder, "nowhere.json"))).toMatchObject(missing);
    expect(findToken("app.terraform.io", {}, write("broken.json", "{"))).toMatchObject(missing);
  });
});

describe("the archive", () => {
  const filesOf = async (stack: string): Promise<ReadonlyArray<string>> => {
    const archive = await archiveOf(stack, "dev")();
    if (isLeft(archive)) throw new Error(archive.left._tag);
    const file = join(folder, "archive.tar.gz");
    writeFileSync(file, archive.right.bytes);
    const files: string[] = [];
    await list({ file, onReadEntry: ({ path }) => files.push(path.replace(/^\.\//, "")) });
    return files.filter((path) => path !== "" && !path.endsWith("/")).sort();
  };

  test("holds the stack and its assets, without what .terraformignore names and Terraform always leaves out", async () => {
    write("stack/cdk.tf.json", "{}");
    write("stack/assets/place_orders/1/place-orders.zip", "zip");
    write("stack/.terraform/providers/large", "");
    write("stack/.terraform/modules/kept.tf", "");
    write("stack/notes/secret.txt", "");
    write("stack/.terraformignore", "notes/\n*.tfplan\n");
    write("stack/a.tfplan", "");
    write("stack/.terraform.lock.hcl", "");
    expect(await filesOf(join(folder, "stack"))).toEqual([
      ".terraform.lock.hcl",
      ".terraform/modules/kept.tf",
      ".terraformignore",
      "assets/place_orders/1/place-orders.zip",
      "cdk.tf.json",
    ]);
  });

  test("cannot be made of nothing, and the command that makes a stack is named", async () => {
    expect(await archiveOf(join(folder, "nowhere"), "dev")()).toMatchObject({
      left: { message: expect.stringContaining("npm run synth -- --environment dev") },
    });
  });
});

describe("what a run is waiting for", () => {
  const run = (status: string, confirmable = false): Run => ({
    id: "run-1",
    status,
    confirmable,
    message: "",
    createdAt: "",
    finishedAt: undefined,
    cancelable: false,
    discardable: false,
    speculative: false,
    refreshOnly: false,
    workspaceId: "ws-1",
    planId: undefined,
    applyId: undefined,
  });

  test("a status nobody has heard of is waited for until it can be confirmed", () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        const status = `new_${name}`;
        expect(isSettled(run(status))).toBe(false);
        expect(standingOf(run(status, true))).toBe("confirmable");
      }),
    );
  });

  test("a run that was confirmed is over when it was applied or failed, not while it still looks confirmable", () => {
    expect(["planned_and_saved", "confirmed", "applying"].map((status) => isOver(run(status, true)))).toEqual(
      [false, false, false],
    );
    expect(["applied", "errored", "canceled", "discarded"].map((status) => isOver(run(status)))).toEqual(
      Array(4).fill(true),
    );
  });
});

describe("the summary", () => {
  const change = (address: string, ...actions: ReadonlyArray<string>) => ({ address, change: { actions } });

  test("counts as Terraform does and lists each address once, what stays the same not at all", () => {
    const summary = changesOf({
      resource_changes: [
        change("aws_sqs_queue.a", "create"),
        change("aws_sqs_queue.b", "update"),
        change("aws_sqs_queue.c", "delete"),
        change("aws_sqs_queue.d", "delete", "create"),
        change("aws_sqs_queue.e", "no-op"),
        change("data.aws_region.f", "read"),
      ],
    });
    expect(summaryLines(summary)).toEqual([
      "+2 ~1 -2",
      "  +   aws_sqs_queue.a",
      "  ~   aws_sqs_queue.b",
      "  -   aws_sqs_queue.c",
      "  -/+ aws_sqs_queue.d",
    ]);
  });

  test("of drift is what changed behind Terraform's back, not what would change", () => {
    const plan = {
      resource_changes: [change("aws_sqs_queue.a", "create")],
      resource_drift: [change("aws_sqs_queue.b", "update")],
    };
    expect(driftOf(plan).addresses).toEqual([{ mark: "~", address: "aws_sqs_queue.b" }]);
    expect(driftOf({}).addresses).toEqual([]);
  });
});

test("an environment without a cloud backend has no runs, and one that does not exist is told from it", () => {
  const local = targetOf("local", "environments");
  expect(isLeft(local) && local.left).toMatchObject({ message: expect.stringContaining("expected cloud") });
  const unknown = targetOf("moon", "environments");
  expect(isLeft(unknown) && unknown.left).toMatchObject({
    message: expect.stringMatching(/no environment moon.*dev/),
  });
  expect(isRight(unknown)).toBe(false);
});
