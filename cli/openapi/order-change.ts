import { OrderChange } from "../../functions/domain/order-change";
import { type Schema, schemasOf } from "./json-schema";

/** The message by which other systems are told of a change of an order. */
export const orderChangeSchema = (): Schema => ({
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: "A change of an order",
  ...schemasOf({}, "open").of(OrderChange),
});
