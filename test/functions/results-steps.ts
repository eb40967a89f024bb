import * as E from "fp-ts/Either";
import { archiveResults } from "../../functions/archive-results/archive-results";
import type { ArchiveInput } from "../../functions/domain/results-task";
import type { ResultPage } from "../../functions/domain/results";
import { fetchResults } from "../../functions/fetch-results/fetch-results";
import type { AuctionPlatform } from "../../functions/ports/capabilities";
import type { World } from "../support/in-memory";
import { order } from "../support/in-memory";

/** Fetching and archiving, as the state machine calls them, with failures and crashes in between. */

export const result = (id: number, status: "accepted" | "rejected" = "accepted", more: object = {}) => ({
  ...order(id),
  status,
  ...more,
});

export const LEASE = 60;

/** Archives a page that was kept when it was fetched. */
export const archiveKept = (world: World, page: ArchiveInput["page"], execution = "run-1") =>
  archiveResults({ execution, waits: 0, pages: 0, page })({
    ...world.ports,
    leaseSeconds: LEASE,
    retentionSeconds: 86_400,
  })();

/** A page with its orders, as if it had been fetched. */
type Page = Omit<ResultPage, "key"> & { readonly orders: ReadonlyArray<unknown> };

export const RAW = "results/raw/dt=2026-01-01/page.json";

export const archive = (world: World, { orders, ...page }: Page, execution = "run-1") => {
  world.rawPages.set(RAW, JSON.stringify({ results: true, orders }));
  return archiveKept(world, { ...page, key: RAW }, execution);
};

export const fetch = (
  world: World,
  results: AuctionPlatform["results"],
  input: Partial<Parameters<typeof fetchResults>[0]> = {},
) =>
  fetchResults({ execution: "run-1", waits: 0, pages: 0, ...input })({
    ...world.ports,
    auction: { ordersPerCall: 1, submit: () => () => Promise.reject(new Error("not asked for")), results },
    pageLimit: 10,
    leaseSeconds: LEASE,
  })();

export const page = (...orders: unknown[]): Page => ({
  run: "run-1",
  number: 0,
  dt: "2026-01-01",
  orders,
  next: "c1",
});

export const answers =
  (
    answer: { results: boolean; orders?: unknown[]; cursor?: string },
    asked: unknown[] = [],
  ): AuctionPlatform["results"] =>
  (query) => {
    asked.push(query);
    return () => Promise.resolve(E.right({ answer, bytes: Buffer.from(JSON.stringify(answer)) }));
  };
