import * as E from "fp-ts/Either";
import * as O from "fp-ts/Option";
import type * as TE from "fp-ts/TaskEither";
import { rawKey } from "../../functions/domain/archive";
import type { Announcement } from "../../functions/domain/announcement";
import { Order, type OrderId } from "../../functions/domain/order";
import { isFinal } from "../../functions/domain/status";
import type { QueueMessage } from "../../functions/domain/queue-message";
import { readPage, type ResultsAnswer } from "../../functions/domain/results";
import {
  type FoundOrder,
  statusAfter,
  type StoredOrder,
  type Unreadable,
} from "../../functions/domain/stored-order";
import type { Capabilities, Position, Postponed } from "../../functions/ports/capabilities";
import { permanent, type PortError, transient } from "../../functions/ports/errors";
import type { TradingState } from "../../functions/domain/trading";
import { apply } from "./order-model";

/** The ports in memory, with faults a test puts in: what a pipeline does when things around it fail. */

/** What goes wrong with the next call of an operation: before it takes effect, or after (the answer is lost). */
export type Fault = "before" | "after" | "permanent";

class Faults {
  private readonly planned = new Map<string, Fault[]>();

  /** Plans faults for the next calls of an operation, one a call. */
  next(operation: string, ...faults: Fault[]): void {
    this.planned.set(operation, [...(this.planned.get(operation) ?? []), ...faults]);
  }

  always(operation: string, fault: Fault): void {
    this.next(operation, ...Array.from({ length: 1_000 }, () => fault));
  }

  clear(): void {
    this.planned.clear();
  }

  call<A>(operation: string, effect: () => A): TE.TaskEither<PortError, A> {
    return () => {
      const fault = this.planned.get(operation)?.shift();
      if (fault === "before") return Promise.resolve(E.left(transient(operation, "down")));
      if (fault === "permanent") return Promise.resolve(E.left(permanent(operation, "broken")));
      const value = effect();
      return Promise.resolve(
        fault === "after" ? E.left(transient(operation, "the answer was lost")) : E.right(value),
      );
    };
  }
}

/** What a task gives, where it must not fail. */
export const ok = async <A>(task: TE.TaskEither<unknown, A>): Promise<A> =>
  E.getOrElse((error): A => {
    throw new Error(JSON.stringify(error));
  })(await task());

export const order = (id: number, product = "Product1", power = 2): Order =>
  E.getOrElse((): Order => {
    throw new Error(`not an order: ${id} ${product} ${power}`);
  })(Order.decode({ order_id: id, product, power }));

const START = Date.parse("2026-01-01T00:00:00.000Z");

/** A world in which the pipelines run: its time passes only by sleeping. */
export class World {
  readonly faults = new Faults();
  readonly orders = new Map<OrderId, StoredOrder>();
  readonly since = new Map<OrderId, string>();
  /** What is stored and cannot be read; it stands among those in flight. */
  readonly unreadable = new Map<OrderId, Unreadable>();
  /** Rows of the index without an order behind them. */
  readonly strayRows = new Set<OrderId>();
  readonly queue: QueueMessage[] = [];
  readonly postponed: Postponed[] = [];
  readonly announced: Announcement[] = [];
  readonly archive = new Map<string, unknown>();
  readonly rawPages = new Map<string, string>();
  readonly logged: { readonly level: string; readonly event: string; readonly fields: unknown }[] = [];
  time = START;
  chance = 0.5;
  checkpoint: { position: Position; holder?: string; until?: number } = { position: {} };
  /** What an operator said last. */
  said: TradingState;
  deadline = START + 30_000;
  readonly reserved = new Map<OrderId, { readonly by: string; readonly until: number }>();

  /** Lets time pass, after which an invocation begins with as much time as any. */
  pass(ms: number): void {
    this.time += ms;
    this.deadline = this.time + 30_000;
  }

  store(stored: StoredOrder): void {
    this.orders.set(stored.order_id, stored);
    this.since.set(stored.order_id, stored.received_at);
  }

  /** Stores an order that was received, and submitted where `status` says so. */
  given(id: number, status: StoredOrder["status"] = "submitted", more: Partial<StoredOrder> = {}): void {
    this.store({
      ...order(id),
      status,
      request_id: `request-${id}`,
      received_at: new Date(this.time).toISOString(),
      ...more,
    });
  }

  /** Stores something under an id that is not an order. */
  givenUnreadable(id: number): void {
    const { order_id } = order(id);
    this.unreadable.set(order_id, { order_id, faults: "product: expected …", reported: false });
  }

  private find(id: OrderId): FoundOrder | undefined {
    const stored = this.orders.get(id);
    if (stored !== undefined) return E.right(stored);
    const unreadable = this.unreadable.get(id);
    return unreadable === undefined ? undefined : E.left(unreadable);
  }

  /** The index of orders in flight: one that cannot be read has been received, as far as the index knows. */
  private rows({
    status,
    now,
    quietAtMost,
    quietSince = new Date(0),
    gated = false,
  }: Parameters<Capabilities["orders"]["waiting"]>[0]): ReadonlyArray<{
    readonly id: OrderId;
    readonly place: string;
  }> {
    const stored = [...this.orders.values()].filter(
      ({
        status: current,
        archive_key,
        quiet_until: quiet = "",
        requeued_at: requeued = "0",
        valid_until: gate,
      }) =>
        status === "unarchived"
          ? isFinal(current) && archive_key === undefined
          : current === status &&
            (quiet < now.toISOString() ||
              quiet > quietAtMost.toISOString() ||
              requeued < quietSince.toISOString()) &&
            (!gated || gate !== undefined),
    );
    const others = status === "received" ? [...this.unreadable.keys(), ...this.strayRows] : [];
    return [...stored.map(({ order_id }) => order_id), ...others]
      .map((id) => ({ id, place: `${this.since.get(id) ?? new Date(START).toISOString()}#${id}` }))
      .sort((a, b) => (a.place < b.place ? -1 : 1));
  }

  private isUnreserved(id: OrderId, now: number): boolean {
    return (this.reserved.get(id)?.until ?? 0) < now;
  }

  status(id: number): StoredOrder["status"] | undefined {
    return this.orders.get(order(id).order_id)?.status;
  }

  readonly ports: Pick<
    Capabilities,
    | "orders"
    | "queue"
    | "deliveries"
    | "notifier"
    | "announcements"
    | "attempts"
    | "archive"
    | "rawPages"
    | "checkpoints"
    | "trading"
    | "clock"
    | "random"
    | "log"
    | "environment"
  > = {
    orders: {
      insert: (stored) =>
        this.faults.call("insert", () => {
          if (this.find(stored.order_id) !== undefined) return "exists" as const;
          this.store(stored);
          return "inserted" as const;
        }),
      get: (ids) =>
        this.faults.call(
          "get",
          () =>
            new Map(
              ids.flatMap((id) => {
                const found = this.find(id);
                return found === undefined ? [] : [[id, found] as const];
              }),
            ),
        ),
      change: (id, change) =>
        this.faults.call("change", () => {
          const current = this.orders.get(id);
          const isHeld =
            change._tag === "Cancelled" &&
            change.from === "received" &&
            !this.isUnreserved(id, Date.parse(change.at));
          const changed = current === undefined || isHeld ? O.none : apply(current, change);
          if (O.isSome(changed)) {
            this.orders.set(id, changed.value);
            const after = statusAfter(change);
            if ("to" in after) this.since.set(id, after.at);
          }
          return O.isSome(changed);
        }),
      markReported: (id) =>
        this.faults.call("markReported", () => {
          const found = this.unreadable.get(id);
          if (found !== undefined) this.unreadable.set(id, { ...found, reported: true });
        }),
      list: () =>
        this.faults.call("list", () => ({
          ids: [...this.orders.keys(), ...this.unreadable.keys(), ...this.strayRows],
        })),
      waiting: (asked) =>
        this.faults.call("waiting", () => {
          const { before, limit, after = "" } = asked;
          const left = this.rows(asked).filter(({ place }) => place > after && place < before.toISOString());
          const page = left.slice(0, limit);
          const last = page.at(-1);
          return {
            ids: page.map(({ id }) => id),
            ...(last === undefined || page.length === left.length ? {} : { next: last.place }),
          };
        }),
      ping: this.faults.call("ping", () => undefined),
    },
    deliveries: {
      postpone: (messages) =>
        this.faults.call("postpone", () => {
          this.postponed.push(...messages);
        }),
    },
    queue: {
      send: (messages) =>
        this.faults.call("send", () => {
          this.queue.push(...messages);
          return [];
        }),
    },
    notifier: {
      announce: (announcement) =>
        this.faults.call("announce", () => {
          this.announced.push(announcement);
        }),
    },
    announcements: {
      reserve: (id, { by, now, until, unsent = false }) =>
        this.faults.call("reserve", () => {
          const stored = this.orders.get(id);
          const isFree = this.isUnreserved(id, now) || this.reserved.get(id)?.by === by;
          if (!isFree || stored?.status !== "received") return false;
          if (unsent && stored.attempts !== undefined) return false;
          this.reserved.set(id, { by, until });
          return true;
        }),
    },
    attempts: {
      begin: (id, { by, now }) =>
        this.faults.call("begin", () => {
          const stored = this.orders.get(id);
          if (stored?.status !== "received" || !this.isUnreserved(id, now)) return false;
          this.orders.set(id, { ...stored, attempts: [...new Set([...(stored.attempts ?? []), by])] });
          return true;
        }),
      takeBack: (id, by) =>
        this.faults.call("takeBack", () => {
          const { attempts = [], ...stored } = this.orders.get(id) ?? {};
          const left = attempts.filter((each) => each !== by);
          if ("order_id" in stored)
            this.orders.set(id, { ...stored, ...(left.length === 0 ? {} : { attempts: left }) });
        }),
    },
    rawPages: {
      keep: (page, bytes) =>
        this.faults.call("keep", () => {
          const key = rawKey(page, `${bytes.length}`);
          this.rawPages.set(key, Buffer.from(bytes).toString());
          return key;
        }),
      read: (key) =>
        this.faults.call("read", () =>
          E.getOrElse((): ResultsAnswer => ({ results: false }))(readPage(this.rawPages.get(key) ?? "")),
        ),
    },
    archive: {
      put: (key, content) =>
        this.faults.call("put", () => {
          this.archive.set(key, JSON.parse(JSON.stringify(content)));
        }),
    },
    checkpoints: {
      acquire: ({ holder, now, until }) =>
        this.faults.call("acquire", () => {
          const { holder: held, until: heldUntil = 0, position } = this.checkpoint;
          if (held !== undefined && held !== holder && heldUntil >= now) return undefined;
          this.checkpoint = { position, holder, until };
          return position;
        }),
      release: (holder) =>
        this.faults.call("release", () => {
          if (this.checkpoint.holder === holder) this.checkpoint = { position: this.checkpoint.position };
        }),
      write: (holder, position, release) =>
        this.faults.call("write", () => {
          if (this.checkpoint.holder !== holder) return false;
          this.checkpoint = release ? { position } : { ...this.checkpoint, position };
          return true;
        }),
    },
    trading: {
      state: this.faults.call("trading", () => this.said),
      markAnnounced: (at) =>
        this.faults.call("markAnnounced", () => {
          if (this.said?.at === at) this.said = { ...this.said, announced: true };
        }),
    },
    clock: {
      now: () => new Date(this.time),
      sleep: (ms) => () => {
        this.time += ms;
        return Promise.resolve();
      },
    },
    random: () => this.chance,
    log: {
      info: (event, fields) => () => void this.logged.push({ level: "info", event, fields }),
      warn: (event, fields) => () => void this.logged.push({ level: "warn", event, fields }),
      error: (event, fields) => () => void this.logged.push({ level: "error", event, fields }),
    },
    environment: "test",
  };
}
