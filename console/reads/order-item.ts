import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import * as E from "fp-ts/Either";
import * as t from "io-ts";
import { STATUSES, isStatus, type Status } from "../statuses";

const StatusCodec = new t.Type<Status>(
  STATUSES.join(", "),
  (input): input is Status => typeof input === "string" && isStatus(input),
  (input, context) =>
    typeof input === "string" && isStatus(input) ? t.success(input) : t.failure(input, context),
  t.identity,
);

const OrderItem = t.readonly(
  t.exact(
    t.intersection([
      t.type({
        order_id: t.number,
        product: t.string,
        power: t.number,
        status: StatusCodec,
        received_at: t.string,
      }),
      t.partial({
        request_id: t.string,
        placed_by: t.string,
        submitted_at: t.string,
        submitted_by: t.string,
        decided_at: t.string,
        decided_by: t.string,
        reason: t.string,
        archive_key: t.string,
        valid_until: t.string,
        delivery_start: t.string,
        delivery_end: t.string,
        reference: t.string,
        awarded_power: t.number,
        price: t.string,
        currency: t.string,
        preliminary: t.strict({ status: t.string, at: t.string }),
      }),
    ]),
  ),
);
export type Order = t.TypeOf<typeof OrderItem>;

export type Item = Readonly<Record<string, AttributeValue>>;

const plain = (item: Item): unknown =>
  Object.fromEntries(
    Object.entries(item).map(([name, { N, S, M }]) => [
      name,
      M !== undefined ? plain(M) : N === undefined ? S : Number(N),
    ]),
  );

/** An order as the table has it; undefined for an item that is none. */
export const orderIn = (item: Item): Order | undefined => {
  const decoded = OrderItem.decode(plain(item));
  return E.isRight(decoded) ? decoded.right : undefined;
};
