import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readStack } from "../../../../local/engine/stack/read-stack";
import { resolveStack } from "../../../../local/engine/stack/resolve";
import { newFolder, writeStack } from "../../../platform/support/fixture";

const resolve = (resources: Record<string, Record<string, object>>) => {
  const folder = writeStack(resources);
  writeFileSync(join(folder, "asset.txt"), "content");
  return resolveStack(readStack(folder), ({ address, config }) => ({
    arn: `arn:${address}`,
    id: config["name"] ?? "",
  }));
};

const value = (expression: unknown, others: Record<string, Record<string, object>> = {}): unknown =>
  resolve({
    ...others,
    a: { one: { value: expression, name: "n", list: [{ deep: 1 }] } },
    b: { two: { name: "two", block: { inner: [5] } } },
  }).get("a.one")?.config["value"];

describe("references of a stack", () => {
  it.each([
    ["a whole string keeps the value's type", "${b.two.block.inner}", [5]],
    ["computed attributes", "${b.two.arn}", "arn:b.two"],
    ["inside a longer string", "x-${b.two.name}-${b.two.id}!", "x-two-two!"],
    ["inside a JSON text", '{"Resource":["${b.two.arn}/*"]}', '{"Resource":["arn:b.two/*"]}'],
    ["an element of a list, a block written as a list", "${b.two.block[0].inner[0]}", 5],
    ["an attribute in quotes", '${b.two["name"]}', "two"],
    ["an escaped brace is none", "$${b.two.name}", "${b.two.name}"],
    [
      "jsonencode",
      '${jsonencode({"a" = b.two.arn, b: [1, true, null]})}',
      '{"a":"arn:b.two","b":[1,true,null]}',
    ],
    ["join and replace", '${join("-", ["a", replace("b.b", ".", "_")])}', "a-b_b"],
    ["a string within an expression", '${jsonencode({"k" = "p/${b.two.name}\\n"})}', '{"k":"p/two\\n"}'],
    [
      "the hash of a file",
      '${filesha256("asset.txt")}',
      "ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73",
    ],
  ])("%s", (_, expression, expected) => {
    expect(value(expression)).toEqual(expected);
  });

  it.each([
    ["a resource that is not declared", "${b.three.arn}", "a.one: refers to b.three, which is not declared"],
    [
      "an attribute nobody knows",
      "${b.two.color}",
      "a.one: b.two.color is not an attribute the local platform knows",
    ],
    ["a function nobody knows", "${uuid()}", "a.one: uuid() is a function the local platform does not know"],
    ["an operator", "${1 + 2}", /a\.one: something else than \} at character/],
    ["a directive", "%{ if true }x%{ endif }", /a\.one: a %\{…\} directive/],
    ["a file that is not there", '${filesha256("nowhere")}', /a\.one: .*ENOENT/],
  ])("names %s", (_, expression, message) => {
    expect(() => value(expression)).toThrow(message);
  });

  it("names the resources of a circle", () => {
    expect(() =>
      resolve({
        a: { one: { v: "${b.two.v}" } },
        b: { two: { v: "${c.three.v}" } },
        c: { three: { v: "${a.one.v}" } },
      }),
    ).toThrow("references go in a circle: a.one → b.two → c.three → a.one");
  });
});

describe("a stack's file", () => {
  const folder = newFolder();
  it.each([
    ["is not there", undefined, /cannot be read/],
    ["is not JSON", "{", /is not a JSON object/],
    [
      "has another provider",
      '{"provider":{"google":[{}]}}',
      "provider google: the local platform knows only aws",
    ],
    ["has no region", '{"provider":{"aws":[{}]}}', "provider aws: region: expected a string"],
    [
      "is of another account",
      '{"provider":{"aws":[{"region":"x","allowed_account_ids":["123456789012"]}]}}',
      "provider aws: allowed_account_ids: the local platform is account 000000000000",
    ],
    [
      "makes several of a resource",
      '{"provider":{"aws":[{"region":"x"}]},"resource":{"aws_sqs_queue":{"q":{"count":2}}}}',
      "aws_sqs_queue.q: count is an attribute the local platform does not know",
    ],
  ])("that %s is told so", (_, content, message) => {
    if (content !== undefined) writeFileSync(join(folder, "cdk.tf.json"), content);
    expect(() => readStack(folder)).toThrow(message);
  });
});
