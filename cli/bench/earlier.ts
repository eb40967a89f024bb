/** Orders that are there before a measurement begins: decided, archived, and as the platform would have stored them. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import { ARCHIVE_KEY, type Item, newItem } from "../../functions/adapters/order-item";
import { StoredOrder } from "../../functions/domain/stored-order";
import { aws } from "./counted";
import { writeAll } from "./writes";

const TABLE = "local-orders";
/** Written before anything else: what is listed first is what is measured. */
const AT = "2026-01-01T00:00:00.000Z";
const DECIDED: Item = {
  submitted_at: { S: AT },
  submitted_by: { S: "bench" },
  decided_at: { S: AT },
  [ARCHIVE_KEY]: { S: "orders/bench.json" },
};

const itemOf = (order_id: number): Item =>
  pipe(
    StoredOrder.decode({
      order_id,
      product: `Product${order_id % 7}`,
      power: 1,
      status: "accepted",
      request_id: "bench",
      received_at: AT,
    }),
    E.match(
      () => {
        throw new Error("an earlier order is none");
      },
      (order) => ({ ...newItem(order), ...DECIDED }),
    ),
  );

/** @param first the id of the first one */
export const writeEarlier = async (awsUrl: string, first: number, orders: number): Promise<void> => {
  await writeAll(new DynamoDBClient(aws(awsUrl)), TABLE, itemOf)(first, orders);
};
