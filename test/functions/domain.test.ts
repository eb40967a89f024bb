import * as E from "fp-ts/Either";
import fc from "fast-check";
import type * as t from "io-ts";
import { Announcement } from "../../functions/domain/announcement";
import { Order, SubmittedOrder } from "../../functions/domain/order";
import { QueueMessage } from "../../functions/domain/queue-message";
import { faults, FAULTS_REPORTED } from "../../lib/faults";
import { ResultPage, Result, ResultsAnswer } from "../../functions/domain/results";
import { ArchiveInput, FetchInput } from "../../functions/domain/results-task";
import { StoredOrder } from "../../functions/domain/stored-order";
import { readNotice } from "../../functions/notify-slack/notice";
import { decodeOrders } from "../../functions/place-orders/request";
import { decodeOrderId } from "../../functions/http/order-id";
import { decodeListQuery } from "../../functions/query-orders/request";
import { arbitrary } from "../support/arbitrary";

const CODECS: Readonly<Record<string, t.Type<unknown, unknown>>> = {
  Order: Order as t.Type<unknown, unknown>,
  SubmittedOrder: SubmittedOrder as t.Type<unknown, unknown>,
  StoredOrder: StoredOrder as t.Type<unknown, unknown>,
  QueueMessage: QueueMessage as t.Type<unknown, unknown>,
  Result: Result as t.Type<unknown, unknown>,
  ResultsAnswer: ResultsAnswer as t.Type<unknown, unknown>,
  ResultPage: ResultPage as t.Type<unknown, unknown>,
  FetchInput: FetchInput as t.Type<unknown, unknown>,
  ArchiveInput: ArchiveInput as t.Type<unknown, unknown>,
  Announcement: Announcement as t.Type<unknown, unknown>,
};

describe.each(Object.entries(CODECS))("the codec %s", (_, codec) => {
  it("reads back what it wrote, through JSON", () => {
    fc.assert(
      fc.property(arbitrary(codec), (value) => {
        const text = JSON.stringify(codec.encode(value));
        expect(codec.decode(JSON.parse(text))).toEqual(E.right(JSON.parse(text)));
      }),
    );
  });

  it("takes any JSON without throwing, and says what is wrong with bounded effort", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        const decoded = codec.decode(json);
        if (E.isLeft(decoded)) {
          const found = faults(decoded.left);
          expect(found.length).toBeGreaterThan(0);
          expect(found.length).toBeLessThanOrEqual(FAULTS_REPORTED);
        }
      }),
    );
  });
});

describe("what comes from outside", () => {
  it("never throws, whatever it is", () => {
    const anything = fc.oneof(fc.jsonValue(), fc.anything());
    fc.assert(
      fc.property(anything, fc.string(), (value, text) => {
        decodeOrders(value);
        decodeListQuery(value);
        decodeOrderId(value);
        readNotice(text);
      }),
      { numRuns: 500 },
    );
  });

  it("never has its values in what is said about it", () => {
    const secret = "s3cret-value";
    fc.assert(
      fc.property(fc.constantFrom("order_id", "product", "power", "orders"), (key) => {
        const decoded = SubmittedOrder.decode({
          order_id: 1,
          product: "P",
          power: 1,
          [key]: { [key]: secret },
        });
        expect(E.isLeft(decoded) && JSON.stringify(faults(decoded.left))).not.toContain(secret);
      }),
    );
  });

  it("is refused where one property of a valid order is broken, and the property is named", () => {
    const broken = fc.oneof(
      fc.constant(null),
      fc.boolean(),
      fc.constant([]),
      fc.constant({}),
      fc.constant(1.5),
    );
    fc.assert(
      fc.property(
        // A blank around a text is a fault of its own.
        arbitrary(SubmittedOrder).filter(({ product, reference = "" }) =>
          [product, reference].every((text) => text === text.trim()),
        ),
        fc.constantFrom("order_id", "product", "power"),
        broken,
        fc.nat(9),
        (order, key, value, index) => {
          const orders: unknown[] = Array.from({ length: 10 }, (_, at) => ({ ...order, order_id: at + 1 }));
          orders[index] = { ...order, order_id: index + 1, [key]: value };
          const decoded = decodeOrders({ orders });
          expect(E.isLeft(decoded) && decoded.left.errors?.map(({ path }) => path)).toEqual([
            `orders[${index}].${key}`,
          ]);
        },
      ),
    );
  });
});
