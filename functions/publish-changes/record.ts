import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as t from "io-ts";
import { fromItem, type ReadItem, type ReadValue } from "../adapters/order-item";
import { OrderId } from "../domain/order";
import type { FoundOrder } from "../domain/stored-order";
import { faultLines } from "../../lib/faults";

/** A number as DynamoDB writes it. */
const NumberText = new t.Type<number, string>(
  "a number",
  t.number.is,
  (input, context) =>
    typeof input === "string" && String(Number(input)) === input
      ? t.success(Number(input))
      : t.failure(input, context),
  String,
);

const Value: t.Type<ReadValue> = t.recursion("Value", () =>
  t.partial({ N: t.string, S: t.string, SS: t.readonlyArray(t.string), M: Image }),
);
const Image: t.Type<ReadItem> = t.record(t.string, Value);

const Written = t.strict({
  dynamodb: t.exact(
    t.intersection([
      t.type({
        SequenceNumber: t.string,
        Keys: t.strict({ order_id: t.strict({ N: NumberText.pipe(OrderId) }) }),
      }),
      t.partial({ OldImage: Image, NewImage: Image }),
    ]),
  ),
});

/** A write to an order: what was there before and what is now. None: nothing. */
export type Write = {
  /** Its place among all writes. */
  readonly sequence: string;
  readonly before: FoundOrder | undefined;
  readonly after: FoundOrder | undefined;
};

/** One record of the stream by itself: one that is none keeps no other from being told. */
export const readRecord = (record: unknown): E.Either<string, Write> =>
  pipe(
    Written.decode(record),
    E.bimap(faultLines, ({ dynamodb: { SequenceNumber, Keys, OldImage, NewImage } }) => {
      const found = (image: ReadItem | undefined): FoundOrder | undefined =>
        image === undefined ? undefined : fromItem(Keys.order_id.N, image);
      return { sequence: SequenceNumber, before: found(OldImage), after: found(NewImage) };
    }),
  );
