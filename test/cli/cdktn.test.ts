/** What `npm run cdktn` takes for the same stacks. The fork itself is installed and tried every night. */
import { execFileSync } from "node:child_process";
import * as t from "io-ts";

const Lines = t.array(t.string);

/** In a process of its own: jest loads no ES modules. */
const differences = (ours: unknown, theirs: unknown): ReadonlyArray<string> => {
  const program = `
    import { differences } from "./cli/cdktn/differences.mts";
    const [ours, theirs] = JSON.parse(process.argv[1]);
    console.log(JSON.stringify(differences(new Map(Object.entries(ours)), new Map(Object.entries(theirs)))));`;
  const lines: unknown = JSON.parse(
    execFileSync(process.execPath, [
      "--no-warnings",
      "--input-type=module",
      "--eval",
      program,
      JSON.stringify([ours, theirs]),
    ]).toString(),
  );
  if (!Lines.is(lines)) throw new Error("expected lines");
  return lines;
};

const stack = (version: string, source: string, resource: unknown) => ({
  "//": { metadata: { version } },
  terraform: { required_providers: { aws: { source } } },
  resource,
});
const ours = stack("0.21.0", "aws", { aws_sqs_queue: { a: { fifo_queue: true, tags: ["x"] } } });

it("leaves out the version of each and the provider's full name, and nothing else", () => {
  const same = stack("0.24.0", "hashicorp/aws", ours.resource);
  expect(differences({ dev: ours }, { dev: same })).toEqual([]);
  expect(differences({ dev: ours }, { dev: stack("0.24.0", "somebody/aws", ours.resource) })).toEqual([
    'dev: terraform.required_providers.aws.source: "aws" → "somebody/aws"',
  ]);
});

it("names what is added, removed or changed, however deep", () => {
  const theirs = stack("0.21.0", "aws", { aws_sqs_queue: { a: { tags: ["y"], name: "b" } } });
  expect(differences({ dev: ours, qa: {} }, { dev: theirs })).toEqual([
    "dev: resource.aws_sqs_queue.a.fifo_queue: true → (nothing)",
    'dev: resource.aws_sqs_queue.a.tags.0: "x" → "y"',
    'dev: resource.aws_sqs_queue.a.name: (nothing) → "b"',
    "qa: only cdktf's",
  ]);
});
