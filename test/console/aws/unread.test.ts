import { orUnread, reasonsOf, Unread } from "../../../console/aws/unread";

const place = { name: "dev", region: "eu-central-1", account_id: "111111111111" };

const thrown = (name: string, message = "said AWS", more: object = {}): Error =>
  Object.assign(new Error(message), { name, ...more });

const unread = (error: Error): unknown => orUnread(error, "dynamodb:GetItem", place);

it.each([
  ["AccessDeniedException", {}, "denied"],
  ["AccessDenied", {}, "denied"],
  ["ExpiredToken", {}, "credentials"],
  ["ExpiredTokenException", {}, "credentials"],
  ["UnrecognizedClientException", {}, "credentials"],
  ["InvalidClientTokenId", {}, "credentials"],
  ["CredentialsProviderError", {}, "credentials"],
  ["ThrottlingException", {}, "throttled"],
  ["TooManyRequestsException", {}, "throttled"],
  ["TimeoutError", {}, "unreachable"],
  ["Error", { code: "ECONNREFUSED" }, "unreachable"],
  ["InternalServerError", {}, "unreachable"],
  ["Whatever", { $metadata: { httpStatusCode: 503 } }, "unreachable"],
])("%s %j is %s", (name, more, why) => {
  expect(unread(thrown(name, "said AWS", more))).toMatchObject({ why });
});

it.each(["ResourceNotFoundException", "ExecutionDoesNotExist", "ValidationException", "Error"])(
  "leaves %s to whoever asked",
  (name) => {
    const error = thrown(name);
    expect(unread(error)).toBe(error);
  },
);

it("says which permission is missing, where, and what AWS says of it", () => {
  const words = (message: string) => reasonsOf([unread(thrown("AccessDeniedException", message))]);
  const table = "arn:aws:dynamodb:eu-central-1:111111111111:table/dev-orders";
  expect(words("no")).toEqual([
    `a permission is missing: dynamodb:GetItem on ${table} and ${table}-checkpoints (AccessDeniedException: no)`,
  ]);
  expect(words("X is not authorized to perform: kms:Decrypt on resource: arn:key because")).toEqual([
    expect.stringMatching(/^a permission is missing: kms:Decrypt on arn:key \(/),
  ]);
});

it("says the same once", () => {
  const denied = (message: string) => orUnread(thrown("AccessDenied", message), "s3:GetObject", place);
  expect(reasonsOf([denied("of a"), denied("of b"), thrown("Odd"), thrown("Odd")])).toEqual([
    expect.stringMatching(/of a\)$/),
    "Odd: said AWS",
  ]);
  expect(denied("of a")).toBeInstanceOf(Unread);
});
