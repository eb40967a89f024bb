import * as A from "fp-ts/Array";
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as t from "io-ts";
import { RawKey } from "./archive";
import { RESULT_AWARD } from "./award";
import { OrderId } from "./order";
import { faultLines } from "../../lib/faults";
import { jsonOrUndefined, withNumbersAsTexts } from "../../lib/json";
import { Verdict } from "./status";
import { StoredPower, StoredProduct } from "./stored-values";

/**
 * One order's result as the auction platform gives it, held against the order by the rule that stored it. `final`:
 * false of one that another will follow.
 */
export const Result = t.exact(
  t.intersection([
    t.type({ order_id: OrderId, product: StoredProduct, power: StoredPower, status: Verdict }),
    t.partial({ ...RESULT_AWARD, final: t.union([t.boolean, t.null], "true or false") }),
  ]),
  "Result",
);
export type Result = t.TypeOf<typeof Result>;

/**
 * `GET {base}/results`. `results: false`: nothing (yet) after the cursor asked for. `cursor`: where to go on,
 * now or later; absent on the last page. The orders are decoded one by one: a malformed one spoils no page.
 */
export const ResultsAnswer = t.exact(
  t.intersection([t.type({ results: t.boolean }), t.partial({ orders: t.UnknownArray, cursor: t.string })]),
  "ResultsAnswer",
);
export type ResultsAnswer = t.TypeOf<typeof ResultsAnswer>;

/** A page as it came. A price is read to the letter, in whatever way it is written: no number rounds it. */
export const readPage = (text: string): t.Validation<ResultsAnswer> =>
  ResultsAnswer.decode(jsonOrUndefined(withNumbersAsTexts(text, "price")));

/**
 * A page on its way through the state machine: never its content, which stands under `key` as it came. `fetched_at`:
 * when its orders were decided, however often it is archived; `refused`: why it is not archived but only announced.
 */
export const ResultPage = t.exact(
  t.intersection([
    t.type({ run: t.string, number: t.number, dt: t.string, key: t.string }),
    t.partial({ fetched_at: t.string, cursor: t.string, next: t.string, refused: t.string }),
  ]),
  "ResultPage",
);
export type ResultPage = t.TypeOf<typeof ResultPage>;

/** A page that was fetched before, to be archived again: under a name of its own, so that nothing is overwritten. */
export const ReplayedPage = t.strict({ key: RawKey }, "ReplayedPage");

/** Something of a result page that cannot be counted: set aside whole, with the reason. */
export type SetAside = { readonly reason: string; readonly received: unknown };

export const decodeResults = (
  orders: ReadonlyArray<unknown>,
): { readonly results: ReadonlyArray<Result>; readonly malformed: ReadonlyArray<SetAside> } => {
  const { left, right } = pipe(
    [...orders],
    A.partitionMap((received) =>
      pipe(
        Result.decode(received),
        E.mapLeft((errors): SetAside => ({ reason: `malformed: ${faultLines(errors)}`, received })),
      ),
    ),
  );
  return { results: right, malformed: left };
};
