import type * as E from "fp-ts/Either";
import type * as IO from "fp-ts/IO";
import type * as T from "fp-ts/Task";
import type * as TE from "fp-ts/TaskEither";
import type { Announcement } from "../domain/announcement";
import type { PageName } from "../domain/archive";
import type { Counted } from "../domain/limits";
import type { OrderId } from "../domain/order";
import type { OrderChange } from "../domain/order-change";
import type { QueueMessage } from "../domain/queue-message";
import type { ResultsAnswer } from "../domain/results";
import type { Status } from "../domain/status";
import type { Change, FoundOrder, StoredOrder } from "../domain/stored-order";
import type { TradingState } from "../domain/trading";
import type { PortError } from "./errors";

/**
 * A page of an index: the ids of orders that were there a moment ago. An index may be behind the table, and
 * an order may be gone or changed: what is shown or done is for the order itself to say (`get`). `next`
 * continues after the page; a page may be short or empty and still have one.
 */
export type IndexPage = { readonly ids: ReadonlyArray<OrderId>; readonly next?: string };

/** From an instant up to, and without, another; either in UTC as the platform writes instants. */
export type DeliverySpan = { readonly from?: string; readonly to?: string };

export interface OrderTable {
  /** Stores an order unless its id is taken. Durable when it says so. */
  readonly insert: (order: StoredOrder) => TE.TaskEither<PortError, "inserted" | "exists">;
  /** What is stored under ids, read consistently. At most 1,000 ids. */
  readonly get: (ids: ReadonlyArray<OrderId>) => TE.TaskEither<PortError, ReadonlyMap<OrderId, FoundOrder>>;
  /** Writes a change if the order's status allows it; false where it does not. */
  readonly change: (id: OrderId, change: Change) => TE.TaskEither<PortError, boolean>;
  /** Notes that people were told of an order that cannot be read. */
  readonly markReported: (id: OrderId, at: string) => TE.TaskEither<PortError, void>;
  /**
   * Orders, the last received first; those of one status, the last that got it first; those whose delivery begins
   * in a span, the earliest first. A walk misses none that was there (and, with a status, had it) before the walk
   * began and until it ended.
   */
  readonly list: (query: {
    readonly of?: Status | DeliverySpan;
    readonly limit: number;
    readonly after?: string;
  }) => TE.TaskEither<PortError, IndexPage>;
  /**
   * Orders that have been in flight since before `before` and are not quiet at `now`, longest first; `unarchived`:
   * those that have ended without a result page.
   */
  readonly waiting: (query: {
    readonly status: "received" | "submitted" | "unarchived";
    readonly before: Date;
    readonly now: Date;
    /** No order is quiet for longer: a later date was written by a clock that ran ahead, and counts for nothing. */
    readonly quietAtMost: Date;
    /** Nor is one that was made quiet before then. */
    readonly quietSince?: Date;
    /** Only orders with a gate. */
    readonly gated?: boolean;
    readonly limit: number;
    readonly after?: string;
  }) => TE.TaskEither<PortError, IndexPage>;
  /** Whether the table answers. */
  readonly ping: TE.TaskEither<PortError, void>;
}

export interface OrderQueue {
  /** Queues messages; gives back the ids of those the queue did not take. */
  readonly send: (messages: ReadonlyArray<QueueMessage>) => TE.TaskEither<PortError, ReadonlyArray<OrderId>>;
}

/** A message, by its delivery, that comes again after so many seconds. */
export type Postponed = { readonly receipt: string; readonly seconds: number };

export interface Deliveries {
  /** Has messages delivered again later; they stay counted as delivered. */
  readonly postpone: (messages: ReadonlyArray<Postponed>) => TE.TaskEither<PortError, void>;
}

/** The auction platform refuses this order for good; it is no fault of ours or of the connection. */
export type Refused = { readonly _tag: "Refused"; readonly reason: string };

/** A page of results as it came, and what it says. */
export type ReceivedPage = { readonly answer: ResultsAnswer; readonly bytes: Uint8Array };

/** The auction platform does not give an order back: its result is out, or it never had it. */
export type TooLate = { readonly _tag: "TooLate" };

export interface Withdrawals {
  /**
   * Takes back an order that was submitted; one that is taken back already is so again. From then on it counts for
   * nothing, and submitting it again does not bring it back.
   */
  readonly withdraw: (
    order: Pick<StoredOrder, "order_id" | "request_id">,
  ) => TE.TaskEither<PortError | TooLate, void>;
}

export type OrderToSubmit = Pick<StoredOrder, "order_id" | "product" | "power" | "request_id">;

export interface AuctionPlatform {
  /** How many orders it takes in one call. */
  readonly ordersPerCall: number;
  /**
   * Submits orders in one call, at most as many as it takes, each under its own idempotency key.
   *
   * @returns what became of each, in their order
   */
  readonly submit: (
    orders: ReadonlyArray<OrderToSubmit>,
  ) => T.Task<ReadonlyArray<E.Either<PortError | Refused, void>>>;
  readonly results: (query: {
    readonly cursor?: string;
    readonly limit: number;
  }) => TE.TaskEither<PortError, ReceivedPage>;
}

/** Result pages as they came, too large to pass through a state machine; kept as evidence. */
export interface RawPages {
  /** Keeps a page; gives the key it can be read under. The same page again is the same object. */
  readonly keep: (page: PageName, bytes: Uint8Array) => TE.TaskEither<PortError, string>;
  readonly read: (key: string) => TE.TaskEither<PortError, ResultsAnswer>;
}

export interface ResultArchive {
  /** Puts an object; the same key again overwrites it. */
  readonly put: (key: string, content: unknown) => TE.TaskEither<PortError, void>;
}

export interface Notifier {
  readonly announce: (announcement: Announcement) => TE.TaskEither<PortError, void>;
}

export interface OrderChanges {
  /** Tells whoever subscribed, each at least once; gives back those that could not be told. At most ten. */
  readonly tell: (
    changes: ReadonlyArray<OrderChange>,
  ) => TE.TaskEither<PortError, ReadonlyArray<OrderChange>>;
}

export interface Announcements {
  /**
   * Reserves telling people that an order is refused or has expired, for one delivery and a time. True for one of
   * all that ask; false where another is telling them, or the order is no longer `received` because one has.
   *
   * @param lease `unsent`: false also where an attempt to send it has not ended, or nobody knows how
   */
  readonly reserve: (
    id: OrderId,
    lease: { readonly by: string; readonly now: number; readonly until: number; readonly unsent?: true },
  ) => TE.TaskEither<PortError, boolean>;
}

/**
 * Attempts to send an order, noted before each: by them those that end orders know which ones the auction platform
 * may have. What has begun stays noted until it is taken back or the order's status changes.
 */
export interface Attempts {
  /** False: the order is no longer `received`, or people are being told that it is refused or has expired. */
  readonly begin: (
    id: OrderId,
    attempt: { readonly by: string; readonly now: number },
  ) => TE.TaskEither<PortError, boolean>;
  /** Of an attempt that certainly did not reach the auction platform. */
  readonly takeBack: (id: OrderId, by: string) => TE.TaskEither<PortError, void>;
}

/** What orders add to a sum of their product's. */
export type Share = { readonly of: Counted; readonly amount: number };

/** What was ordered of a product in the last 24 hours, as far as it is counted. */
export type Sums = Readonly<Record<Counted, number>>;

/** Sums of the last 24 hours. In doubt they are too high, never too low. */
export interface Allowances {
  /**
   * Adds shares to the sums of their product, all or, where one would exceed the most that it may be, none: then
   * the sums are given back.
   */
  readonly reserve: (
    product: string,
    shares: ReadonlyArray<Share & { readonly most: number }>,
    at: Date,
  ) => TE.TaskEither<PortError, "reserved" | Sums>;
  readonly sums: (product: string, at: Date) => TE.TaskEither<PortError, Sums>;
  /** Takes shares back from what was reserved at a time. Asked for once: a repeat could take back twice. */
  readonly release: (
    product: string,
    shares: ReadonlyArray<Share>,
    at: Date,
  ) => TE.TaskEither<PortError, unknown>;
}

/** Where reading the results feed stands. `run`, `number` and `dt` name the page begun and not yet committed. */
export type Position = {
  readonly cursor?: string;
  readonly page?: { readonly run: string; readonly number: number; readonly dt: string };
};

export interface Checkpoints {
  /** Takes or renews the lease for one execution; none where another holds it. */
  readonly acquire: (lease: {
    readonly holder: string;
    readonly now: number;
    readonly until: number;
  }) => TE.TaskEither<PortError, Position | undefined>;
  /** Gives the lease up where its holder has it still; where reading stands stays as it is. */
  readonly release: (holder: string) => TE.TaskEither<PortError, void>;
  /** Writes the position as the lease's holder; false where the lease was lost. */
  readonly write: (holder: string, position: Position, release: boolean) => TE.TaskEither<PortError, boolean>;
}

/** What an operator said last about sending orders. */
export interface Trading {
  /** Consistent, give or take a second. */
  readonly state: TE.TaskEither<PortError, TradingState>;
  /** Notes that people were told of what was said at an instant, unless something else was said since. */
  readonly markAnnounced: (at: string) => TE.TaskEither<PortError, void>;
}

export interface Webhook {
  readonly post: (message: unknown) => TE.TaskEither<PortError, void>;
}

export interface Clock {
  readonly now: IO.IO<Date>;
  readonly sleep: (ms: number) => T.Task<void>;
}

export interface Logger {
  readonly info: (event: string, fields?: Readonly<Record<string, unknown>>) => IO.IO<void>;
  readonly warn: (event: string, fields?: Readonly<Record<string, unknown>>) => IO.IO<void>;
  readonly error: (event: string, fields?: Readonly<Record<string, unknown>>) => IO.IO<void>;
}

/** Everything a pipeline may need; each asks for a `Pick` of it. Wired once, in a function's handler. */
export interface Capabilities {
  readonly orders: OrderTable;
  readonly queue: OrderQueue;
  readonly deliveries: Deliveries;
  readonly auction: AuctionPlatform;
  /** None where the auction platform gives no order back. */
  readonly withdrawals: Withdrawals | undefined;
  readonly rawPages: RawPages;
  readonly archive: ResultArchive;
  readonly notifier: Notifier;
  readonly announcements: Announcements;
  readonly changes: OrderChanges;
  readonly attempts: Attempts;
  readonly allowances: Allowances;
  readonly checkpoints: Checkpoints;
  readonly trading: Trading;
  readonly webhook: Webhook;
  readonly clock: Clock;
  /** A number in [0, 1). */
  readonly random: IO.IO<number>;
  readonly log: Logger;
  /** When the platform ends this invocation, epoch milliseconds. */
  readonly deadline: number;
  /** Names this invocation among all, its function first. */
  readonly invocation: string;
  readonly environment: string;
}
