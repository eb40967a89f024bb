import fc from "fast-check";
import { matches, matchesAction, matchesArn } from "../../../../local/engine/iam/pattern";

/** The definition itself, exponential and obviously right. */
const naive = (pattern: string, text: string): boolean => {
  if (pattern === "") return text === "";
  const rest = pattern.slice(1);
  if (pattern[0] === "*") return naive(rest, text) || (text !== "" && naive(pattern, text.slice(1)));
  return text !== "" && (pattern[0] === "?" || pattern[0] === text[0]) && naive(rest, text.slice(1));
};

const shortText = fc.string({ unit: fc.constantFrom("a", "b", ":", "/"), maxLength: 10 });
const shortPattern = fc.string({ unit: fc.constantFrom("a", "b", ":", "*", "?"), maxLength: 8 });

it("matches what the definition of * and ? matches", () => {
  fc.assert(
    fc.property(shortPattern, shortText, (pattern, text) => {
      expect(matches(pattern, text)).toBe(naive(pattern, text));
    }),
    { numRuns: 5_000 },
  );
});

it("comes to an end on a pattern that would hang a backtracking expression", () => {
  expect(matches("*a".repeat(200) + "b", "a".repeat(20_000))).toBe(false);
});

it("crosses the segments of a resource, whose case counts", () => {
  expect(matches("arn:aws:s3:::archive/*", "arn:aws:s3:::archive/orders/dt=2026-01-01/a.json")).toBe(true);
  expect(matches("arn:aws:dynamodb:*:table/orders", "arn:aws:dynamodb:eu-west-1:1:table/orders")).toBe(true);
  expect(matches("arn:aws:s3:::archive", "arn:aws:s3:::Archive")).toBe(false);
  expect(matches("arn:aws:s3:::archive", "arn:aws:s3:::archive/key")).toBe(false);
});

it("compares actions without regard to case", () => {
  expect(matchesAction("DynamoDB:put*", "dynamodb:PutItem")).toBe(true);
  expect(matchesAction("dynamodb:Put", "dynamodb:PutItem")).toBe(false);
});

it("keeps a * of an Arn condition within its part", () => {
  expect(matchesArn("arn:aws:sns:*:*:alarms", "arn:aws:sns:eu-west-1:123456789012:alarms")).toBe(true);
  expect(matchesArn("arn:aws:sns:*:alarms", "arn:aws:sns:eu-west-1:123456789012:alarms")).toBe(false);
  expect(matchesArn("arn:aws:sns:*:*:alarms", "arn:aws:sns:eu-west-1:123456789012:other:alarms")).toBe(false);
  expect(matchesArn("arn:aws:sqs:*:*:*", "not an arn")).toBe(false);
});
