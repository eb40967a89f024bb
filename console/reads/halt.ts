import { GetItemCommand } from "@aws-sdk/client-dynamodb";
import * as E from "fp-ts/Either";
import * as t from "io-ts";
import { faultLines } from "../../lib/faults";
import { checkpointsTable, type Context } from "../context";
import type { Halt } from "../shapes";

/** As `functions/adapters/trading-item.ts` writes it, held together by a test. */
export const TRADING_ITEM = { name: { S: "trading" } };

const text = <C extends t.Mixed>(codec: C) => t.type({ S: codec });
const HALTED = text(t.literal("halted"));
const Halted = t.type({
  since: text(t.string),
  reason: text(t.string),
  intake: text(t.keyof({ open: null, refused: null })),
});

/** The queue of orders, whoever works on it, and what they call. */
const pathOf = ({ declared, map: { nodes, edges } }: Context): ReadonlyArray<string> => {
  const queue = declared.output("orders_queue");
  const workers = edges.filter(({ from, kind }) => from === queue && kind === "event").map(({ to }) => to);
  const apis = nodes.filter(({ kind }) => kind === "api").map(({ id }) => id);
  const called = edges.filter(({ from, to }) => workers.includes(from) && apis.includes(to));
  return [...(queue === undefined ? [] : [queue]), ...workers, ...called.map(({ to }) => to)];
};

/** Undefined while trading is not halted. */
export const readHalt = async (context: Context): Promise<Halt | undefined> => {
  const TableName = checkpointsTable(context);
  if (TableName === undefined) return undefined;
  const { Item } = await context.aws.dynamo.send(
    new GetItemCommand({ TableName, Key: TRADING_ITEM, ConsistentRead: true }),
  );
  if (!HALTED.is(Item?.["state"])) return undefined;
  const decoded = Halted.decode(Item);
  if (E.isLeft(decoded)) throw new Error(`trading is halted: ${faultLines(decoded.left)}`);
  const { since, reason, intake } = decoded.right;
  return { since: since.S, reason: reason.S, intake: intake.S, path: pathOf(context) };
};
