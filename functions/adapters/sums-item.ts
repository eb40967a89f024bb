/**
 * The item of a product: its sums, and how much of each came in each hour. A sum and its hours change in one write, so
 * that a sum is always that of its hours, whoever writes at the same time.
 */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { ALL_COUNTED, type Counted } from "../domain/limits";
import { endOf, hourOf } from "../domain/rolling-day";
import type { Allowances, Share, Sums } from "../ports/capabilities";
import { SUMS } from "../tables";
import type { Item } from "./order-item";

/** Short, so that a day of hours fits into one write unit. */
const nameOf = (of: Counted, hour: number): string => `${of.charAt(0)}${hour}`;

type Hour = { readonly of: Counted; readonly name: string; readonly amount: number };

/** The hours of an item that are no longer of the last 24. */
export const forgotten = (item: Item, at: Date): ReadonlyArray<Hour> =>
  Object.entries(item).flatMap(([name, { N: amount }]) => {
    const [, letter, hour] = /^([a-z])(\d+)$/.exec(name) ?? [];
    const of = ALL_COUNTED.find((each) => each.charAt(0) === letter);
    return of === undefined || endOf(Number(hour)) > at.getTime()
      ? []
      : [{ of, name, amount: Number(amount) }];
  });

const total = (hours: ReadonlyArray<Hour>, of: Counted): number =>
  hours.reduce((sum, hour) => (hour.of === of ? sum + hour.amount : sum), 0);

export const sumsIn = (item: Item, at: Date): Sums => {
  const past = forgotten(item, at);
  const sum = (of: Counted): number => Number(item[of]?.N ?? 0) - total(past, of);
  return { orders: sum("orders"), power: sum("power") };
};

const number = (value: number): AttributeValue => ({ N: String(value) });

/** An update's expressions: each name stands for itself behind `#`, each value behind `:`. */
const update = (
  sets: ReadonlyArray<string>,
  rest: string,
  condition: ReadonlyArray<string>,
  names: ReadonlyArray<string>,
  values: ReadonlyArray<readonly [string, number]>,
) => ({
  UpdateExpression: `SET ${sets.join(", ")} ${rest}`,
  ConditionExpression: condition.join(" AND "),
  ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
  ExpressionAttributeValues: Object.fromEntries(values.map(([name, value]) => [`:${name}`, number(value)])),
});

/** Adds shares to their sums where those leave room for them. */
export const adding = (shares: Parameters<Allowances["reserve"]>[1], at: Date) => {
  const hours = shares.map(({ of }) => nameOf(of, hourOf(at)));
  return update(
    [`#${SUMS.ttlAttribute} = :end`],
    `ADD ${shares.map(({ of }) => `#${of} :${of}, #${nameOf(of, hourOf(at))} :${of}`).join(", ")}`,
    shares.map(({ of }) => `(attribute_not_exists(#${of}) OR #${of} <= :${of}_room)`),
    [SUMS.ttlAttribute, ...shares.map(({ of }) => of), ...hours],
    [
      ["end", Math.ceil(endOf(hourOf(at)) / 1_000)],
      ...shares.flatMap(({ of, amount, most }) => [
        [of, amount] as const,
        [`${of}_room`, most - amount] as const,
      ]),
    ],
  );
};

/** Takes shares from their sums again, where the hour that they were added in holds them still. */
export const takingBack = (shares: ReadonlyArray<Share>, at: Date) => {
  const counted = shares.map(({ of, amount }) => ({ of, amount, hour: nameOf(of, hourOf(at)) }));
  return update(
    counted.flatMap(({ of, hour }) => [of, hour].map((name) => `#${name} = #${name} - :${of}`)),
    "",
    counted.map(({ of, hour }) => `#${hour} >= :${of}`),
    counted.flatMap(({ of, hour }) => [of, hour]),
    counted.map(({ of, amount }) => [of, amount]),
  );
};

/** Forgets hours, of which none may have changed since it was read. */
export const forgetting = (hours: ReadonlyArray<Hour>) => {
  const sums = ALL_COUNTED.filter((of) => hours.some((hour) => hour.of === of));
  return update(
    sums.map((of) => `#${of} = #${of} - :${of}`),
    `REMOVE ${hours.map(({ name }) => `#${name}`).join(", ")}`,
    hours.map(({ name }) => `#${name} = :${name}`),
    [...sums, ...hours.map(({ name }) => name)],
    [
      ...sums.map((of) => [of, total(hours, of)] as const),
      ...hours.map(({ name, amount }) => [name, amount] as const),
    ],
  );
};
