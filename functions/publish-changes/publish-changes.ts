import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as IO from "fp-ts/IO";
import * as O from "fp-ts/Option";
import * as RA from "fp-ts/ReadonlyArray";
import type * as RIO from "fp-ts/ReaderIO";
import * as RT from "fp-ts/ReaderTask";
import * as RTE from "fp-ts/ReaderTaskEither";
import { type OrderChange, orderChange } from "../domain/order-change";
import { embedded, UNREADABLE_ORDERS } from "../metrics";
import type { Capabilities } from "../ports/capabilities";
import { describe, type PortError } from "../ports/errors";
import * as log from "../ports/log";
import { logUnreadable } from "../ports/unreadable";
import { readRecord, type Write } from "./record";

type Needs = Pick<Capabilities, "changes" | "clock" | "log" | "environment">;

/** A change to tell, with the place of its write. */
type Told = { readonly sequence: string; readonly change: OrderChange };

const AT_ONCE = 10;

/** Counted as an order that cannot be read: somebody has to look. */
const logMalformed =
  (faults: ReadonlyArray<string>): RIO.ReaderIO<Needs, void> =>
  ({ clock, environment, log: { error } }) =>
    faults.length === 0
      ? () => undefined
      : pipe(
          clock.now,
          IO.flatMap((at) =>
            error("malformed stream records", {
              faults,
              environment,
              ...embedded(at, [UNREADABLE_ORDERS.name, "Count", faults.length]),
            }),
          ),
        );

/** What could not be read before counts as not there: told again, a change has the same id. */
const changeIn =
  ({ sequence, before, after }: Write) =>
  (environment: string): ReadonlyArray<Told> =>
    after === undefined || E.isLeft(after)
      ? []
      : pipe(
          orderChange(
            environment,
            before === undefined || E.isLeft(before) ? undefined : before.right,
            after.right,
          ),
          O.match(
            () => [],
            (change) => [{ sequence, change }],
          ),
        );

const tell =
  (changes: ReadonlyArray<OrderChange>): RTE.ReaderTaskEither<Needs, PortError, ReadonlyArray<OrderChange>> =>
  ({ changes: port }) =>
    port.tell(changes);

/** @returns the first of them that was not told */
const tellSome = (some: ReadonlyArray<Told>): RT.ReaderTask<Needs, O.Option<Told>> =>
  pipe(
    tell(some.map(({ change }) => change)),
    RTE.matchE(
      (error) =>
        pipe(
          RT.fromReaderIO<Needs, unknown>(log.warn("changes not told", { cause: describe(error) })),
          RT.map(() => RA.head(some)),
        ),
      (left) =>
        pipe(
          RT.fromReaderIO<Needs, unknown>(
            log.info("changes told", { ids: some.map(({ change }) => change.id), failed: left.length }),
          ),
          RT.map(() =>
            pipe(
              some,
              RA.findFirst(({ change }) => left.some(({ id }) => id === change.id)),
            ),
          ),
        ),
    ),
  );

/** One part after the other: what comes after one that was not told is not told before it. */
const tellAll = (told: ReadonlyArray<Told>): RT.ReaderTask<Needs, O.Option<Told>> => {
  const [some, rest] = RA.splitAt(AT_ONCE)(told);
  return some.length === 0
    ? RT.of(O.none)
    : pipe(
        tellSome(some),
        RT.flatMap((failed) => (O.isSome(failed) ? RT.of(failed) : tellAll(rest))),
      );
};

/**
 * Tells of each change in the stream's records, in their order.
 *
 * @returns the place from which they must come again
 */
export const publishChanges = (records: ReadonlyArray<unknown>): RT.ReaderTask<Needs, O.Option<string>> => {
  const { left: malformed, right: writes } = RA.partitionMap(readRecord)(records);
  const unreadable = RA.lefts(writes.flatMap(({ after }) => after ?? []));
  return pipe(
    RT.fromReaderIO<Needs, unknown>(logMalformed(malformed)),
    RT.flatMap(() => RT.fromReaderIO<Needs, unknown>(logUnreadable(unreadable))),
    RT.flatMap(() => RT.asks(({ environment }: Needs) => environment)),
    RT.flatMap((environment) => tellAll(writes.flatMap((write) => changeIn(write)(environment)))),
    RT.map(O.map(({ sequence }) => sequence)),
  );
};
