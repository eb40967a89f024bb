/** What `npm run deploy -- … --json FILE` wrote. */
import { existsSync, readFileSync } from "node:fs";
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import type * as t from "io-ts";
import { faultLines } from "../../lib/faults";
import { parseJson } from "../../functions/fp/parse-json";
import { driftLines, DriftReport } from "../deploy/drift";
import { PlanReport } from "../deploy/plan";
import { reviewLines } from "../deploy/show";
import { type GitHubError, usage } from "./errors";

export type RunReport = {
  /** Of the run; none: it ran where this was written. */
  readonly link: string | null;
  /** Whether there is nothing to do about it. */
  readonly isClean: boolean;
  readonly lines: ReadonlyArray<string>;
};

const ofPlan = ({ link, applicable, review }: PlanReport): RunReport => ({
  link,
  isClean: !applicable,
  lines: reviewLines(review),
});

const ofDrift = (report: DriftReport): RunReport => ({
  link: report.link,
  isClean: report.drifted.length === 0,
  lines: driftLines(report),
});

const reading =
  <A>(codec: t.Decoder<unknown, A>, use: (report: A) => RunReport) =>
  (file: string): E.Either<GitHubError, RunReport | undefined> =>
    existsSync(file)
      ? pipe(
          codec.decode(parseJson(readFileSync(file, "utf8"))),
          E.bimap(
            (errors) =>
              usage(`${file}: expected what npm run deploy writes with --json: ${faultLines(errors)}`),
            use,
          ),
        )
      : E.right(undefined);

/** @returns undefined where there is none: the command that should have written it failed */
export const readPlan = reading(PlanReport, ofPlan);
export const readDrift = reading(DriftReport, ofDrift);
