/** What the archive has of the orders that ended in a span: object after object, so that no more than one is held. */
import { GetObjectCommand, paginateListObjectsV2, type S3Client } from "@aws-sdk/client-s3";
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as t from "io-ts";
import { ARCHIVED_PAGES, CLOSED } from "../../functions/domain/archive";
import { AWARD } from "../../functions/domain/award";
import { HistoryStep } from "../../functions/domain/history";
import { OrderId } from "../../functions/domain/order";
import { Status } from "../../functions/domain/status";
import { StoredPower, StoredProduct } from "../../functions/domain/stored-values";
import { Ended, failure } from "../../lib/command";
import { faultLines } from "../../lib/faults";
import { jsonOrUndefined } from "../../lib/json";

const Archived = t.intersection([
  t.type({ order_id: OrderId, product: StoredProduct, power: StoredPower, status: Status }),
  t.partial({
    valid_until: t.string,
    delivery_start: t.string,
    delivery_end: t.string,
    reference: t.string,
    ...AWARD,
    /** Objects of earlier releases have none. */
    history: t.readonlyArray(HistoryStep),
  }),
]);
type Archived = t.TypeOf<typeof Archived>;

const Content = t.type({ orders: t.readonlyArray(Archived) });

/** An order as an object of the archive has it. */
export type Record = Archived & { readonly key: string; readonly history: ReadonlyArray<HistoryStep> };

/** Two days, both of them part of it. */
export type Span = { readonly from: string; readonly to: string };

const within = (at: string, { from, to }: Span): boolean => {
  const day = at.slice(0, 10);
  return day >= from && day <= to;
};

const dayOf = (key: string): string => /\/dt=(\d{4}-\d{2}-\d{2})\//.exec(key)?.[1] ?? "";

/** When it ended; of an earlier release's object only the day is known, by its key. */
export const endOf = ({ key, history }: Record): string => history.at(-1)?.at ?? dayOf(key);

/**
 * A page may be archived days after it was named, never before: what was written before the span, and what is named
 * after it, has no order of it.
 */
const keysOf = async function* (s3: S3Client, bucket: string, prefix: string, { from, to }: Span) {
  for await (const { Contents = [] } of paginateListObjectsV2(
    { client: s3 },
    { Bucket: bucket, Prefix: prefix },
  ))
    for (const { Key: key = "", LastModified: written } of Contents) {
      if (dayOf(key) > to) return;
      if (written === undefined || written.toISOString().slice(0, 10) >= from) yield key;
    }
};

/** @throws Ended where an object is none that any release wrote: it proves nothing */
const recordsIn = async (s3: S3Client, bucket: string, key: string): Promise<ReadonlyArray<Record>> => {
  const { Body: body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  return pipe(
    Content.decode(jsonOrUndefined((await body?.transformToString()) ?? "")),
    E.match(
      (errors) => {
        throw new Ended(failure(2, `s3://${bucket}/${key} cannot be read: ${faultLines(errors)}`));
      },
      ({ orders }) => orders.map(({ history = [], ...order }) => ({ ...order, history, key })),
    ),
  );
};

/** The orders that ended in a span, those of one object at a time. */
export const archivedOrders = async function* (s3: S3Client, bucket: string, span: Span) {
  for (const prefix of [ARCHIVED_PAGES, CLOSED])
    for await (const key of keysOf(s3, bucket, prefix, span)) {
      const records = await recordsIn(s3, bucket, key);
      yield { key, records: records.filter((record) => within(endOf(record), span)) };
    }
};
