import { isInFlight, ORDER_INDEXES } from "../../../console/reads/orders";
import { STATUSES } from "../../../console/statuses";
import { SHARDS } from "../../../functions/adapters/order-item";
import { isFinal, Status } from "../../../functions/domain/status";
import { DECIDED, IN_FLIGHT, LISTED } from "../../../functions/tables";

it("reads the table by the indexes that the functions write", () => {
  expect(ORDER_INDEXES).toMatchObject({
    shards: SHARDS,
    listed: { name: LISTED.name, hash: LISTED.hash, range: LISTED.range },
    inFlight: IN_FLIGHT,
    decided: DECIDED,
  });
});

it("knows the statuses that an order may have", () => {
  expect(STATUSES.filter((status) => Status.is(status))).toEqual(STATUSES);
  expect(Object.keys(Status.keys).toSorted()).toEqual(STATUSES.toSorted());
  expect(STATUSES.filter((status) => !isFinal(status))).toEqual(STATUSES.filter(isInFlight));
});
