import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import * as t from "io-ts";
import { faultLines } from "../../lib/faults";
import type { Checkpoints, Logger, Position } from "../ports/capabilities";
import { permanent, type PortError } from "../ports/errors";
import { hasUpdated, updateIfHeld } from "./dynamo";

const KEY = { name: { S: "results" } };

/** The item, as far as it says where reading stands. An empty cursor or run is none. */
const Checkpoint = t.partial({
  cursor: t.type({ S: t.string }),
  run: t.type({ S: t.string }),
  number: t.type({ N: t.string }),
  dt: t.type({ S: t.string }),
});

const position = (item: unknown): E.Either<PortError, Position> =>
  pipe(
    Checkpoint.decode(item ?? {}),
    E.mapLeft((errors) => permanent("reading the checkpoint", faultLines(errors))),
    E.map(({ cursor, run, number, dt }) => ({
      ...(cursor === undefined ? {} : { cursor: cursor.S }),
      ...(run === undefined || number === undefined || dt === undefined
        ? {}
        : { page: { run: run.S, number: Number(number.N), dt: dt.S } }),
    })),
  );

type Lease = Parameters<Checkpoints["acquire"]>[0];

const FREE = "attribute_not_exists(holder) OR holder = :holder OR held_until < :now";
/**
 * Nobody's lease ends later than a lease's length from now, give or take what two clocks differ by; one that
 * does was taken by a clock that has been put back since, and would hold everybody off until then.
 */
const DATED_AHEAD = "held_until > :believed";

const take = (table: string, signal: AbortSignal, { holder, now, until }: Lease, condition: string) =>
  updateIfHeld("taking the lease on the results", signal, {
    TableName: table,
    Key: KEY,
    UpdateExpression: "SET holder = :holder, held_until = :until",
    ConditionExpression: condition,
    ExpressionAttributeValues: {
      ":holder": { S: holder },
      ":until": { N: String(until) },
      ...(condition === FREE
        ? { ":now": { N: String(now) } }
        : { ":believed": { N: String(until + (until - now)) } }),
    },
    ReturnValues: "ALL_NEW",
  });

const acquire =
  (table: string, signal: AbortSignal, log: Logger): Checkpoints["acquire"] =>
  (lease) => {
    const attempt = (condition: string) => take(table, signal, lease, condition);
    return pipe(
      attempt(FREE),
      TE.flatMap((taken) =>
        taken === undefined
          ? pipe(
              attempt(DATED_AHEAD),
              TE.tapIO((overruled) =>
                overruled === undefined
                  ? () => undefined
                  : log.warn("clock moved", { found: "a lease dated ahead of any that could be held now" }),
              ),
            )
          : TE.right(taken),
      ),
      TE.flatMapEither((answer) => (answer === undefined ? E.right(undefined) : position(answer.Attributes))),
    );
  };

const release =
  (table: string, signal: AbortSignal): Checkpoints["release"] =>
  (holder) =>
    pipe(
      updateIfHeld("giving up the lease on the results", signal, {
        TableName: table,
        Key: KEY,
        UpdateExpression: "REMOVE holder, held_until",
        ConditionExpression: "holder = :holder",
        ExpressionAttributeValues: { ":holder": { S: holder } },
      }),
      TE.asUnit,
    );

/** What to set and what to remove, so that the item says exactly this position. */
const expression = ({ cursor, page }: Position, release: boolean) => {
  const set = {
    ...(cursor === undefined ? {} : { cursor: { S: cursor } }),
    ...(page === undefined
      ? {}
      : { run: { S: page.run }, number: { N: String(page.number) }, dt: { S: page.dt } }),
  };
  const remove = [
    ...["cursor", "run", "number", "dt"].filter((name) => !Object.hasOwn(set, name)),
    ...(release ? ["holder", "held_until"] : []),
  ];
  const names = [...new Set([...Object.keys(set), ...remove, "holder"])];
  return {
    UpdateExpression: [
      Object.keys(set).length === 0
        ? ""
        : `SET ${Object.keys(set)
            .map((name) => `#${name} = :${name}`)
            .join(", ")} `,
      remove.length === 0 ? "" : `REMOVE ${remove.map((name) => `#${name}`).join(", ")}`,
    ].join(""),
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    values: Object.fromEntries(Object.entries(set).map(([name, value]) => [`:${name}`, value])),
  };
};

const write =
  (table: string, signal: AbortSignal): Checkpoints["write"] =>
  (holder, at, release) => {
    const { values, ...update } = expression(at, release);
    return hasUpdated("writing the checkpoint", signal, {
      TableName: table,
      Key: KEY,
      ...update,
      ConditionExpression: "#holder = :holder",
      ExpressionAttributeValues: { ...values, ":holder": { S: holder } },
    });
  };

/** Where reading the results feed stands, as one item of a table; its holder alone may write it. */
export const dynamoCheckpoints = (table: string, signal: AbortSignal, log: Logger): Checkpoints => ({
  acquire: acquire(table, signal, log),
  release: release(table, signal),
  write: write(table, signal),
});
