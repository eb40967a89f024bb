import { TRADING_ITEM } from "../../../console/reads/halt";
import { KEY } from "../../../functions/adapters/trading-item";

it("reads the item that the functions ask for", () => {
  expect(TRADING_ITEM).toEqual(KEY);
});
