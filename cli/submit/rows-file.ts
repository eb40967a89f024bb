/** CSV and NDJSON: an order a line, read, sent and told in batches, so that a file may be of any size. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import * as E from "fp-ts/Either";
import { userPath } from "../../lib/command";
import { progress } from "../../lib/progress";
import { reasonOf } from "../../lib/thrown";
import { type ClientError, postOrders } from "../orders-api/client";
import { batchesOf, type Format, type Said } from "./batches";
import type { Order } from "./formats";
import { isStored, type OutcomesFile, outcomesOf, type Outcome, type Row } from "./outcomes";
import { type Sendable, sendWith, type Told } from "./send";
import type { Target } from "./target";
import { explain, total, wrong } from "./tell";

/** With their pauses they last about as long as a restart of the platform. */
const ATTEMPTS = 10;

const MALFORMED = { order_id: "", outcome: "malformed", status: "", content: "" } as const;
const UNANSWERED: Told = { outcome: "unanswered", status: "", fault: "" };

const idOf = ({ order_id }: Order): string => (Number.isSafeInteger(order_id) ? String(order_id) : "");

/** What was sent, and where to: a file may be sent to one environment after the other. */
const contentOf = (order: Order, { endpoint }: Target): string =>
  createHash("sha256")
    .update(`${endpoint.href} ${JSON.stringify(order)}`)
    .digest("hex")
    .slice(0, 16);

const sort = async (batch: ReadonlyArray<Said>, outcomes: OutcomesFile, target: Target) => {
  /** Of orders that are stored already, and of lines that say none. */
  const rows = new Map<number, Row>();
  const open: Array<Sendable & Pick<Row, "content">> = [];
  /** How many of the open ones were stored when their lines said something else, or elsewhere. */
  let changed = 0;
  for (const { line, order } of batch) {
    const before = await outcomes.earlier(line);
    if (E.isLeft(order)) {
      rows.set(line, { ...MALFORMED, line, fault: order.left });
      continue;
    }
    const content = contentOf(order.right, target);
    const wasStored = before !== undefined && isStored(before);
    if (wasStored && before.content === content) rows.set(line, before);
    else open.push({ line, order: order.right, content });
    if (wasStored && before.content !== content) changed += 1;
  }
  return { rows, open, changed };
};

const sizeOf = (file: string): Promise<number> =>
  stat(file).then(
    (found) => {
      if (!found.isFile()) throw wrong(`${file}: is no file`);
      return found.size;
    },
    (thrown: unknown) => {
      throw wrong(`${file}: cannot be read: ${reasonOf(thrown)}`);
    },
  );

/** @param to asked once it is known that there is something to send */
export const submitRows = async (
  name: string,
  format: Format,
  to: () => Promise<Target>,
): Promise<number> => {
  const file = userPath(name);
  const size = await sizeOf(file);
  const batches = batchesOf(createReadStream(file), name, format);
  let next = await batches.next();
  if (next.done === true) throw wrong(`${name}: has no orders`);
  const target = await to();
  const send = sendWith(postOrders(target.endpoint, { attempts: ATTEMPTS, authorize: target.authorize }));
  const outcomes = await outcomesOf(file);

  const counts: Record<Outcome, number> = {
    ...{ stored: 0, replayed: 0, conflict: 0, unreadable: 0 },
    ...{ refused: 0, malformed: 0, unanswered: 0 },
  };
  let told = 0;
  let kept = 0;
  let changed = 0;
  let why: ClientError | "interrupted" | undefined;
  const shown = progress({ of: "orders", print: (line) => console.error(line) });
  const interrupt = (): void => {
    why = "interrupted";
    shown.say("ending after this batch (once more: at once)");
  };
  process.once("SIGINT", interrupt);

  while (next.done !== true) {
    const batch = next.value;
    const sorted = await sort(batch, outcomes, target);
    const sent = await send(sorted.open);
    const rows = new Map(sorted.rows);
    for (const { line, order, content } of sorted.open)
      rows.set(line, { ...(sent.told.get(line) ?? UNANSWERED), line, order_id: idOf(order), content });
    const inOrder = batch.flatMap(({ line }) => rows.get(line) ?? []);
    await outcomes.write(inOrder);

    for (const { outcome } of inOrder) counts[outcome] += 1;
    if (changed === 0 && sorted.changed > 0)
      shown.say(`${name}: has changed since it was sent, or went elsewhere then: such orders are sent again`);
    told += batch.length;
    kept += [...sorted.rows.values()].filter(isStored).length;
    changed += sorted.changed;
    shown.at(told, (batch.at(-1)?.end ?? size) / size);
    why = sent.stopped ?? why;
    next = await batches.next();
    if (why !== undefined) break;
  }
  const isAll = next.done === true;
  shown.end();
  process.off("SIGINT", interrupt);
  await batches.return(undefined);
  await outcomes.close(isAll);

  if (kept > 0) console.error(`${kept} orders were stored before, and not sent again`);
  const notStored = told - counts.stored - counts.replayed - counts.conflict - counts.unreadable;
  console.log(total(counts, notStored));
  console.log(`what became of each: ${name}.outcomes.csv`);
  if (why !== undefined && why !== "interrupted") console.error(explain(why));
  if (!isAll) console.error(`the rest of ${name} was not sent: the same command goes on where this ended`);
  return isAll && counts.stored + counts.replayed === told ? 0 : 1;
};
