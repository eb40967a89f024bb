import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import { dynamo } from "../../../functions/adapters/clients";
import { call } from "../../../functions/auction-simulator/call";
import { PENDING } from "../../../functions/auction-simulator/entry";
import { dynamoLedger } from "../../../functions/auction-simulator/ledger";
import { indexed, waiting } from "../../../functions/auction-simulator/waiting";
import { LEDGER } from "../../../functions/tables";
import { createTable, own, useAws } from "../../support/aws";
import { order } from "../../support/in-memory";

const TABLE = own("ledger");

const { signal } = new AbortController();
beforeAll(useAws);

it("calls no result again that is called: an attempt without time for all of them leaves fewer to the next", async () => {
  await createTable(TABLE, LEDGER);
  const ledger = dynamoLedger(TABLE, signal);
  for (const id of [1, 2, 3])
    await ledger.enter({
      ...order(id),
      idempotency_key: `order-${id}`,
      status: "accepted",
      decided_at: "2026-01-01T12:00:00.000Z",
    })();
  let writes = 0;
  dynamo().middlewareStack.add(
    (next, { commandName }) => {
      if (commandName === "BatchExecuteStatementCommand") writes += 1;
      return next;
    },
    { step: "initialize" },
  );
  const attempt = async () => {
    const before = writes;
    const called = await pipe(
      indexed(TABLE, { partition: PENDING, condition: ">", at: "0" }, 10, signal),
      TE.flatMap(waiting(TABLE, signal)),
      TE.map((entries) => entries.map((entry) => ({ entry }))),
      TE.flatMap(call(TABLE, signal)),
    )();
    if (E.isLeft(called)) throw new Error(JSON.stringify(called.left));
    return { ids: called.right.map(({ entry }) => entry.order_id), writes: writes - before };
  };
  expect(await attempt()).toEqual({ ids: [1, 2, 3], writes: 1 });
  expect(await attempt()).toEqual({ ids: [1, 2, 3], writes: 0 });
});
