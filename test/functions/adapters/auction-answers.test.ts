import * as E from "fp-ts/Either";
import fc from "fast-check";
import { submission, submissions } from "../../../functions/adapters/auction-answers";
import { idempotencyKey } from "../../../functions/domain/order";
import { order } from "../../support/in-memory";

const answered = (status: number, body: unknown, retryAfterMs?: number) => ({
  status,
  retryAfterMs,
  bytes: undefined,
  body,
});
const keyOf = (id: number): string => idempotencyKey(order(id));

const said = fc.record({
  status: fc.oneof(
    fc.constantFrom(200, 201, 202, 204, 400, 401, 404, 408, 409, 413, 422, 425, 429, 500, 503),
    fc.integer({ min: 100, max: 599 }),
  ),
  seconds: fc.option(fc.integer({ min: 0, max: 600 }), { nil: undefined }),
  words: fc.dictionary(fc.constantFrom("title", "detail", "reason", "type"), fc.string()),
});

describe("an answer to several orders", () => {
  it("says of each what an answer to it alone would, in any order", () => {
    fc.assert(
      fc.property(fc.array(said, { maxLength: 10 }), fc.integer(), (all, turn) => {
        const outcomes = all.map(({ status, seconds: retry_after, words }, index) => ({
          ...words,
          idempotency_key: keyOf(index + 1),
          status,
          retry_after,
        }));
        const at = Math.abs(turn) % (all.length + 1);
        const outcomeOf = submissions(
          answered(200, { outcomes: [...outcomes.slice(at), ...outcomes.slice(0, at)] }),
        );
        for (const [index, { status, seconds, words }] of all.entries())
          expect(outcomeOf(order(index + 1))).toEqual(
            submission(answered(status, words, seconds === undefined ? undefined : seconds * 1_000)),
          );
      }),
    );
  });

  const other = { idempotency_key: keyOf(2), status: 200 };

  it.each([
    ["no outcome of it", { outcomes: [other] }],
    [
      "two",
      {
        outcomes: [
          { idempotency_key: keyOf(1), status: 200 },
          { idempotency_key: keyOf(1), status: 422 },
          other,
        ],
      },
    ],
    ["one that cannot be read", { outcomes: [{ idempotency_key: keyOf(1), status: "200" }, other] }],
  ])("leaves open what became of one where it has %s, and of no other", (_, body) => {
    const outcomeOf = submissions(answered(200, body));
    expect(outcomeOf(order(1))).toMatchObject({ left: { _tag: "Ambiguous" } });
    expect(outcomeOf(order(2))).toEqual(E.right(undefined));
  });

  it.each([[undefined], [[]], [{ outcomes: {} }]])("leaves all open where it is %j", (body) => {
    expect(submissions(answered(200, body))(order(1))).toMatchObject({ left: { _tag: "Ambiguous" } });
  });

  it.each([
    [425, "Transient"],
    [429, "Transient"],
    [503, "Ambiguous"],
    [504, "Ambiguous"],
    [400, "Permanent"],
    [409, "Permanent"],
    [413, "Permanent"],
    [422, "Permanent"],
  ])("of %d speaks of the call, and refuses no order", (status, _tag) => {
    const outcomeOf = submissions(answered(status, { detail: "no" }, 3_000));
    for (const id of [1, 2])
      expect(outcomeOf(order(id))).toMatchObject({
        left: { _tag, ...(_tag === "Permanent" ? {} : { retryAfterMs: 3_000 }) },
      });
  });
});
