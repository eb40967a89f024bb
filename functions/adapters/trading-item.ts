import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as t from "io-ts";
import { faultLines } from "../../lib/faults";
import { Halt, Resumption, type Said, type TradingState } from "../domain/trading";

type Item = Record<string, AttributeValue>;

/** Of the one item in the table of checkpoints that says whether orders are sent. */
export const KEY: Item = { name: { S: "trading" } };

const State = t.union([Halt, Resumption], "a halt or a resumption");
/** Set once people were told; what is said next has a new item. */
const Announced = t.type({ announced: t.type({ BOOL: t.literal(true) }) });

const texts = (item: Item): unknown =>
  Object.fromEntries(Object.entries(item).map(([name, value]) => [name, value.S]));

/** An item that says something else is a fault, not a word to go on. */
export const tradingIn = (item: Item | undefined): E.Either<string, TradingState> =>
  item === undefined
    ? E.right(undefined)
    : pipe(
        State.decode(texts(item)),
        E.bimap(faultLines, (state) => ({ ...state, announced: Announced.is(item) })),
      );

export const tradingItem = ({ announced, ...state }: Said): Item => ({
  ...KEY,
  ...Object.fromEntries(Object.entries(state).map(([name, value]) => [name, { S: value }])),
  ...(announced ? { announced: { BOOL: true } } : {}),
});
