import { setTimeout as sleep } from "node:timers/promises";
import {
  type AttributeValue,
  BatchExecuteStatementCommand,
  type BatchStatementResponse,
} from "@aws-sdk/client-dynamodb";
import DataLoader from "dataloader";
import * as E from "fp-ts/Either";
import * as RA from "fp-ts/ReadonlyArray";
import type * as TE from "fp-ts/TaskEither";
import { ambiguous, permanent, type PortError, transient } from "../ports/errors";
import { portError } from "./aws-error";
import { dynamo } from "./clients";
import type { Item } from "./order-item";

/** A condition on an item, in PartiQL; each `?` is the next of the values. */
export type Condition = { readonly text: string; readonly values: ReadonlyArray<AttributeValue> };

/** One conditional write of one item. */
export type Write = {
  readonly operation: string;
  /** The item's key; no request may hold it twice. */
  readonly key: Item;
  readonly statement: string;
  readonly values: ReadonlyArray<AttributeValue>;
};

const quoted = (name: string): string => `"${name}"`;

/** An item under a key that is free. */
export const insertion = (operation: string, table: string, key: Item, item: Item): Write => ({
  operation,
  key,
  statement: `INSERT INTO ${quoted(table)} VALUE {${Object.keys(item)
    .map((name) => `'${name}': ?`)
    .join(", ")}}`,
  values: Object.values(item),
});

/** Attributes of an item that is there, and for which a condition holds. */
export const update = (
  operation: string,
  table: string,
  key: Item,
  { set, remove = [] }: { readonly set: Item; readonly remove?: ReadonlyArray<string> },
  condition?: Condition,
): Write => ({
  operation,
  key,
  statement: [
    `UPDATE ${quoted(table)}`,
    ...Object.keys(set).map((name) => `SET ${quoted(name)} = ?`),
    ...remove.map((name) => `REMOVE ${quoted(name)}`),
    `WHERE ${Object.keys(key)
      .map((name) => `${quoted(name)} = ?`)
      .join(" AND ")}`,
    ...(condition === undefined ? [] : [`AND ${condition.text}`]),
  ].join(" "),
  values: [...Object.values(set), ...Object.values(key), ...(condition?.values ?? [])],
});

/** What one request may hold (API Reference, BatchExecuteStatement). */
const BATCH = 25;
/** How many writes to begin together where there are many: they go out as full requests. */
export const WRITES_AT_ONCE = 4 * BATCH;
const ATTEMPTS = 4;
const FIRST_PAUSE_MS = 50;

const NOT_MET = ["DuplicateItem", "ConditionalCheckFailed"];
/** The table was asked too much of at once, or the item was: nothing speaks against it a moment later. */
const PASSING = [
  "InternalServerError",
  "ProvisionedThroughputExceeded",
  "RequestLimitExceeded",
  "ThrottlingError",
  "TransactionConflict",
];

/** Whether the condition held. */
type Answer = E.Either<PortError, boolean>;

const answerTo = ({ operation }: Write, { Error: error }: BatchStatementResponse): Answer => {
  if (error === undefined) return E.right(true);
  const { Code: code = "", Message: message = "" } = error;
  if (NOT_MET.includes(code)) return E.right(false);
  return E.left((PASSING.includes(code) ? transient : permanent)(operation, `${code}: ${message}`));
};

const isPassing = ({ Error: error }: BatchStatementResponse): boolean => PASSING.includes(error?.Code ?? "");

const pause = (attempt: number, signal: AbortSignal): Promise<unknown> =>
  sleep(Math.random() * FIRST_PAUSE_MS * 2 ** attempt, undefined, { signal });

/** One request for all; those that the table throttled are asked for again. */
const execute = async (
  writes: ReadonlyArray<Write>,
  signal: AbortSignal,
  attempt = 1,
): Promise<ReadonlyMap<Write, Answer>> => {
  try {
    const { Responses = [] } = await dynamo().send(
      new BatchExecuteStatementCommand({
        Statements: writes.map(({ statement, values }) => ({
          Statement: statement,
          Parameters: [...values],
        })),
      }),
      { abortSignal: signal },
    );
    const pairs = RA.zip(writes, Responses);
    const answers = new Map(pairs.map(([write, response]) => [write, answerTo(write, response)]));
    const again = pairs.filter(([, response]) => isPassing(response)).map(([write]) => write);
    if (again.length === 0 || attempt === ATTEMPTS) return answers;
    await pause(attempt, signal);
    return new Map([...answers, ...(await execute(again, signal, attempt + 1))]);
  } catch (thrown) {
    return new Map(writes.map((write) => [write, E.left(portError(write.operation)(thrown))]));
  }
};

/** Writes of the same item go one after the other: a request that holds two of them is refused whole. */
const inTurns = (writes: ReadonlyArray<Write>): ReadonlyArray<ReadonlyArray<Write>> => {
  const turns: Write[][] = [];
  const seen = new Map<string, number>();
  for (const write of writes) {
    const item = JSON.stringify(write.key);
    const turn = seen.get(item) ?? 0;
    seen.set(item, turn + 1);
    (turns[turn] ??= []).push(write);
  }
  return turns;
};

/**
 * Conditional writes, those that are asked for at the same time 25 to a request. False where a condition does not
 * hold, which is an answer and no error. One write's error is no other's.
 */
export const conditionalWrites = (
  signal: AbortSignal,
): ((write: Write) => TE.TaskEither<PortError, boolean>) => {
  const requests = new DataLoader<Write, Answer>(
    async (writes) => {
      const answers = new Map<Write, Answer>();
      for (const turn of inTurns(writes))
        for (const [write, answer] of await execute(turn, signal)) answers.set(write, answer);
      return writes.map(
        (write) => answers.get(write) ?? E.left(ambiguous(write.operation, "the table did not answer it")),
      );
    },
    { cache: false, maxBatchSize: BATCH },
  );
  return (write) => () => requests.load(write);
};
