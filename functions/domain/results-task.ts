import * as t from "io-ts";
import { ReplayedPage, ResultPage } from "./results";

/**
 * What passes between the state machine and its two tasks. `waits`: how often it has waited since the last
 * page; `pages`: how many pages this execution has archived.
 */
const counters = { waits: t.number, pages: t.number };

export const FetchInput = t.strict({ execution: t.string, ...counters }, "FetchInput");
export type FetchInput = t.TypeOf<typeof FetchInput>;

/** An execution that failed for good gives the results feed to the next one. */
export const ReleaseInput = t.strict({ execution: t.string, release: t.literal(true) }, "ReleaseInput");
export type ReleaseInput = t.TypeOf<typeof ReleaseInput>;

export type FetchOutput = { readonly waits: number; readonly pages: number } & (
  | { readonly outcome: "page"; readonly page: ResultPage }
  | { readonly outcome: "wait" }
  | { readonly outcome: "done"; readonly why: string }
);

export const ArchiveInput = t.strict(
  { execution: t.string, ...counters, page: t.union([ResultPage, ReplayedPage]) },
  "ArchiveInput",
);
export type ArchiveInput = t.TypeOf<typeof ArchiveInput>;

export type ArchiveOutput = {
  readonly outcome: "more" | "done";
  readonly waits: number;
  readonly pages: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly quarantined: number;
};
