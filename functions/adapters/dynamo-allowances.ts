import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import type { Allowances, Sums } from "../ports/capabilities";
import { type PortError, transient } from "../ports/errors";
import { SUMS } from "../tables";
import { dynamo, dynamoOnce } from "./clients";
import { getItem, updateIfHeld } from "./dynamo";
import type { Item } from "./order-item";
import { adding, forgetting, forgotten, sumsIn, takingBack } from "./sums-item";

/** Each round gives way to others, who forget hours or take back what they reserved. */
const ROUNDS = 5;

const key = (product: string): Item => ({ [SUMS.hash.name]: { S: product } });

const read =
  (table: string, signal: AbortSignal) =>
  (product: string): TE.TaskEither<PortError, Item> =>
    pipe(
      getItem("reading sums", signal, { TableName: table, Key: key(product), ConsistentRead: true }),
      TE.map(({ Item = {} }) => Item),
    );

/** The item as an update left it; undefined where the update's condition does not hold. */
const write =
  (table: string, signal: AbortSignal, client: typeof dynamo) =>
  (
    operation: string,
    product: string,
    update: ReturnType<typeof adding>,
  ): TE.TaskEither<PortError, Item | undefined> =>
    pipe(
      updateIfHeld(
        operation,
        signal,
        { TableName: table, Key: key(product), ...update, ReturnValues: "ALL_NEW" },
        client,
      ),
      TE.map((answer) => answer?.Attributes),
    );

/**
 * Sums on DynamoDB. Adding and taking back are asked for once: what was asked for twice could be done twice.
 *
 * @param lastSignal of taking back, for which time is left when everything else has ended
 */
export const dynamoAllowances = (table: string, signal: AbortSignal, lastSignal: AbortSignal): Allowances => {
  const item = read(table, signal);
  const add = write(table, signal, dynamoOnce);

  const forget = (product: string, stale: Item, at: Date): TE.TaskEither<PortError, unknown> => {
    const hours = forgotten(stale, at);
    return hours.length === 0
      ? TE.right(undefined)
      : write(table, signal, dynamo)("forgetting hours", product, forgetting(hours));
  };

  const reserve = (
    product: string,
    shares: Parameters<Allowances["reserve"]>[1],
    at: Date,
    round = 1,
  ): TE.TaskEither<PortError, "reserved" | Sums> => {
    /** Where there was no room: whether there is none, or hours to forget and another try. */
    const look = (found: Item): TE.TaskEither<PortError, "reserved" | Sums> => {
      const sums = sumsIn(found, at);
      if (shares.some(({ of, amount, most }) => sums[of] + amount > most)) return TE.right(sums);
      if (round === ROUNDS) return TE.left(transient("reserving", "the sums kept changing"));
      return pipe(
        forget(product, found, at),
        TE.flatMap(() => reserve(product, shares, at, round + 1)),
      );
    };
    if (shares.some(({ amount, most }) => amount > most)) return pipe(item(product), TE.flatMap(look));
    return pipe(
      add("reserving", product, adding(shares, at)),
      TE.flatMap((added) =>
        added === undefined
          ? pipe(item(product), TE.flatMap(look))
          : pipe(
              // An item whose limits are never met would grow by the hour. If it fails, the next one does it.
              forget(product, added, at),
              TE.orElse(() => TE.right<PortError, unknown>(undefined)),
              TE.map(() => "reserved" as const),
            ),
      ),
    );
  };

  return {
    reserve,
    sums: (product, at) =>
      pipe(
        item(product),
        TE.map((found) => sumsIn(found, at)),
      ),
    release: (product, shares, at) =>
      write(table, lastSignal, dynamoOnce)("taking back a reservation", product, takingBack(shares, at)),
  };
};
