/** What the auction platform's answers to submitted orders say of them. */
import * as E from "fp-ts/Either";
import * as t from "io-ts";
import { cut, oneLine } from "../../lib/text";
import { idempotencyKey } from "../domain/order";
import type { Refused } from "../ports/capabilities";
import { ambiguous, permanent, type PortError, transient } from "../ports/errors";
import { type HttpAnswer, isTransientStatus } from "./http";

export const SUBMITTING = "submitting an order";

type Answer = Pick<HttpAnswer, "status" | "retryAfterMs" | "body">;
type Outcome = E.Either<PortError | Refused, void>;

const RefusalProblem = t.partial({ title: t.string, detail: t.string, reason: t.string });

const MAX_REASON = 500;

/** The platform's words go into logs and messages: one line of bounded length. */
const reasonOf = (body: unknown, status: number): string => {
  const { reason, detail, title } = RefusalProblem.is(body) ? body : {};
  return cut(oneLine(reason ?? detail ?? title ?? `refused with ${status}`), MAX_REASON);
};

/** What an unsuccessful status says of the request; 400, 409 and 422 speak of the order where one was submitted. */
export const failure = (operation: string, { status, retryAfterMs: after }: Answer): PortError => {
  const said = `the auction platform answered ${status}`;
  if (isTransientStatus(status)) return transient(operation, said, after);
  return permanent(operation, said);
};

/** With these, who answers has not taken the order; with a 5xx or a 408, nobody but the platform knows. */
const NOT_TAKEN: ReadonlyArray<number> = [425, 429];

/** A gateway in front of the platform answers 5xx, too, for an order that has passed it. */
const notSubmitted = (answer: Answer): PortError => {
  const error = failure(SUBMITTING, answer);
  return error._tag === "Transient" && !NOT_TAKEN.includes(answer.status)
    ? ambiguous(error.operation, error.cause, error.retryAfterMs)
    : error;
};

/** What became of an order that was submitted. */
export const submission = (answer: Answer): Outcome => {
  switch (answer.status) {
    case 200:
    case 201:
    case 202:
    case 204:
      return E.right(undefined);
    case 400:
    case 409:
    case 422:
      return E.left({ _tag: "Refused", reason: reasonOf(answer.body, answer.status) });
    default:
      return E.left(notSubmitted(answer));
  }
};

/** What an order of a batch would have been answered alone, `Retry-After` as `retry_after` in seconds. */
const BatchOutcome = t.intersection([
  t.type({ idempotency_key: t.string, status: t.Integer }),
  t.partial({ retry_after: t.union([t.number, t.null]) }),
]);
type BatchOutcome = t.TypeOf<typeof BatchOutcome>;

const BatchAnswer = t.type({ outcomes: t.array(t.unknown) });

const outcomeIn = ({ status, retry_after: seconds, ...more }: BatchOutcome): Outcome =>
  submission({
    status,
    retryAfterMs: typeof seconds === "number" ? Math.max(seconds * 1_000, 0) : undefined,
    body: more,
  });

type Submitted = Parameters<typeof idempotencyKey>[0];

/**
 * What became of the orders of a batch, by their keys. An error speaks of the call, and of each of its orders alike. One
 * that an answer says nothing of, nothing that can be read, or two things, may have been taken or not.
 */
export const submissions = (answer: HttpAnswer): ((order: Submitted) => Outcome) => {
  const { status, body } = answer;
  if (status < 200 || status > 299) return () => E.left(notSubmitted(answer));
  const said = BatchAnswer.is(body) ? body.outcomes.filter(BatchOutcome.is) : [];
  const byKey = Map.groupBy(said, ({ idempotency_key: key }) => key);
  return (order) => {
    const [own, another] = byKey.get(idempotencyKey(order)) ?? [];
    return own === undefined || another !== undefined
      ? E.left(ambiguous(SUBMITTING, "the auction platform's answer has not one outcome of it"))
      : outcomeIn(own);
  };
};
