/** What `npm run hcp -- … --json FILE` wrote. */
import { existsSync, readFileSync } from "node:fs";
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as t from "io-ts";
import { faultLine, faults } from "../../lib/faults";
import { parseJson } from "../../functions/fp/parse-json";
import type { Report } from "../hcp/commands";
import { type Summary, summaryLines } from "../hcp/summary";
import { type GitHubError, usage } from "./errors";

const Mark = t.keyof({ "+": null, "~": null, "-": null, "-/+": null, forget: null });
const SummaryDocument: t.Type<Summary, unknown> = t.type({
  add: t.number,
  change: t.number,
  destroy: t.number,
  addresses: t.readonlyArray(t.type({ mark: Mark, address: t.string })),
});
export type RunReport = Pick<Report, "link" | "summary">;
export const RunReport: t.Type<RunReport, unknown> = t.type({
  link: t.string,
  summary: t.union([SummaryDocument, t.null]),
});

/** @returns undefined where there is none: the command that should have written it failed */
export const readReport = (file: string): E.Either<GitHubError, RunReport | undefined> =>
  existsSync(file)
    ? pipe(
        RunReport.decode(parseJson(readFileSync(file, "utf8"))),
        E.mapLeft((errors) =>
          usage(
            `${file}: expected what npm run hcp writes with --json: ${faults(errors).slice(0, 3).map(faultLine).join("; ")}`,
          ),
        ),
      )
    : E.right(undefined);

export const linesOf = ({ summary }: RunReport): ReadonlyArray<string> =>
  summary === null ? ["no summary"] : summaryLines(summary);
