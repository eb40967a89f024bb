import { inlineFault, managedFault, trustFault } from "../../../../local/services/iam/limits";
import { grant, lambda, type Resources, role } from "../../../platform/support/fixture";
import { runStack } from "../../../platform/support/running-stack";

/** A policy of so many characters, and as many spaces, which do not count. */
const policy = (characters: number): string => {
  const empty = JSON.stringify({ Version: "2012-10-17", Statement: [], Id: "" });
  return empty.replace('"Id":""', `"Id":  "${"x".repeat(characters - empty.length)}"`);
};

const start = async (...resources: ReadonlyArray<Resources>): Promise<void> => {
  const { stop } = await runStack(resources);
  await stop();
};

it.each([
  ["a trust policy", trustFault, 2_048],
  ["inline policies", inlineFault, 10_240],
  ["a policy", managedFault, 6_144],
])("%s is as long as AWS takes it, without its white space", (what, fault, most) => {
  expect(fault("here", policy(most))).toEqual([]);
  expect(fault("here", policy(most + 1))).toEqual([
    expect.stringContaining(
      `here: has ${what} of ${most + 1} characters, where AWS takes ${most} (LimitExceeded: `,
    ),
  ]);
});

it("the inline policies of a role count together, and a platform that has too many does not start", async () => {
  const resource = `arn:aws:s3:::${"x".repeat(5_100)}`;
  const { aws_iam_role_policy: own = {} } = grant("f", "s3:GetObject", resource);
  const written = Object.values(own).map((one) => ({ policy: Reflect.get(one, "policy") as unknown }));
  const { aws_iam_role: roles = {} } = role("f");
  const crowded = { aws_iam_role: { f: { ...roles["f"], inline_policy: written } } };
  await expect(
    start(lambda("f", "exports.handler = async () => null;"), crowded, grant("f", "s3:GetObject", resource)),
  ).rejects.toThrow(
    /^aws_iam_role\.f: has inline policies of 1\d{4} characters, where AWS takes 10240 \(LimitExceeded: Maximum policy size of 10240 bytes exceeded\)$/,
  );
});

it("a policy of its own that is too long keeps the platform from starting, and so does a trust policy", async () => {
  const managed = { aws_iam_policy: { p: { name: "p", policy: policy(6_145) } } };
  const { aws_iam_role: roles = {} } = role("f");
  const trusting = { aws_iam_role: { f: { ...roles["f"], assume_role_policy: policy(2_049) } } };
  await expect(start(managed, trusting)).rejects.toThrow(
    [
      "aws_iam_role.f: has a trust policy of 2049 characters, where AWS takes 2048 (LimitExceeded: Cannot exceed quota for ACLSizePerRole: 2048)",
      "aws_iam_policy.p: has a policy of 6145 characters, where AWS takes 6144 (LimitExceeded: Cannot exceed quota for PolicySize: 6144)",
    ].join("\n"),
  );
});
