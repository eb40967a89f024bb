/** What `npm run deploy` wrote for these commands. */
import { existsSync, readFileSync } from "node:fs";
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import { wrongUse } from "../../lib/command";
import { jsonOrUndefined } from "../../lib/json";
import { faultLines } from "../../lib/faults";
import { DriftReport } from "../deploy/drift";
import type { GitHubError } from "./errors";

/** @returns undefined where there is none: the command that should have written it failed */
const textIn = (file: string): string | undefined =>
  existsSync(file) ? readFileSync(file, "utf8") : undefined;

/** Of `plan`, or of a step of the workflow. */
export const readMarkdown = textIn;

export const readDrift = (file: string): E.Either<GitHubError, DriftReport | undefined> => {
  const text = textIn(file);
  return text === undefined
    ? E.right(undefined)
    : pipe(
        DriftReport.decode(jsonOrUndefined(text)),
        E.mapLeft((errors) =>
          wrongUse(
            `${file}: expected what npm run deploy -- drift writes with --json: ${faultLines(errors)}`,
          ),
        ),
      );
};
