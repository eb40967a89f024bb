import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as t from "io-ts";
import { Announcement } from "../domain/announcement";
import { jsonOrUndefined } from "../../lib/json";

/** A CloudWatch alarm's change of state, as far as it is shown. */
const Alarm = t.intersection([
  t.strict({ AlarmName: t.string, NewStateValue: t.string, NewStateReason: t.string }),
  // Null of an alarm that has none.
  t.exact(t.partial({ AlarmDescription: t.union([t.string, t.null]) })),
]);
export type Alarm = t.TypeOf<typeof Alarm>;

const OfBudget = { "Budget Name": t.string, "Budgeted Amount": t.string };

/** What AWS Budgets tells in plain text, as far as it is shown: `Budgeted Amount: $200.00` and the like, each in a line. */
const Spending = t.union([
  t.strict({ ...OfBudget, "Alert Type": t.literal("ACTUAL"), "ACTUAL Amount": t.string }),
  t.strict({ ...OfBudget, "Alert Type": t.literal("FORECASTED"), "FORECASTED Amount": t.string }),
]);
export type Spending = t.TypeOf<typeof Spending>;

const BUDGET = "AWS Budget Notification ";

const namedLines = (body: string): unknown =>
  body.startsWith(BUDGET)
    ? Object.fromEntries(
        body.split("\n").flatMap((line) => {
          const [, name, value] = /^([^:]+): (.+)$/.exec(line) ?? [];
          return name === undefined ? [] : [[name, value]];
        }),
      )
    : undefined;

/** What may stand on the topics. */
export type Notice =
  | { readonly _tag: "Announcement"; readonly announcement: Announcement }
  | { readonly _tag: "Alarm"; readonly alarm: Alarm }
  | { readonly _tag: "Budget"; readonly spending: Spending }
  | { readonly _tag: "Unknown"; readonly body: string };

export const readNotice = (body: string): Notice => {
  const parsed = jsonOrUndefined(body);
  return pipe(
    Announcement.decode(parsed),
    E.map((announcement): Notice => ({ _tag: "Announcement", announcement })),
    E.orElse(() =>
      pipe(
        Alarm.decode(parsed),
        E.map((alarm): Notice => ({ _tag: "Alarm", alarm })),
      ),
    ),
    E.orElse(() =>
      pipe(
        Spending.decode(namedLines(body)),
        E.map((spending): Notice => ({ _tag: "Budget", spending })),
      ),
    ),
    E.getOrElse((): Notice => ({ _tag: "Unknown", body })),
  );
};
