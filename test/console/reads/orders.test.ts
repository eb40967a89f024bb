import { ORDER_INDEXES } from "../../../console/reads/orders";
import { SHARDS } from "../../../functions/adapters/order-item";
import { DECIDED, IN_FLIGHT, LISTED } from "../../../functions/tables";

it("reads the table by the indexes that the functions write", () => {
  expect(ORDER_INDEXES).toMatchObject({
    shards: SHARDS,
    listed: { name: LISTED.name, hash: LISTED.hash, range: LISTED.range },
    inFlight: IN_FLIGHT,
    decided: DECIDED,
  });
});
