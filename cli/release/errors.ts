/** What `npm run release` can end with, and the exit status of each. */
import * as TE from "fp-ts/TaskEither";
import { type Failure, failure } from "../../lib/command";
import { type TerraformError, terraformFailure } from "../terraform/errors";

export type ReleaseError =
  | { readonly _tag: "Usage"; readonly message: string }
  /** Something differs, is missing or would be lost: a line for each. */
  | { readonly _tag: "Refused"; readonly headline: string; readonly lines: ReadonlyArray<string> }
  /** A tool or file it needs failed. */
  | { readonly _tag: "Failed"; readonly message: string; readonly status?: number };

export const usage = (message: string): ReleaseError => ({ _tag: "Usage", message });
export const refused = (headline: string, lines: ReadonlyArray<string>): ReleaseError => ({
  _tag: "Refused",
  headline,
  lines,
});
export const failed = (message: string): ReleaseError => ({ _tag: "Failed", message });

const EXITS: Readonly<Record<ReleaseError["_tag"], number>> = { Refused: 1, Usage: 2, Failed: 3 };

export const explain = (error: ReleaseError): string => {
  switch (error._tag) {
    case "Usage":
    case "Failed":
      return error.message;
    case "Refused":
      return [error.headline, ...error.lines.map((line) => `  ${line}`)].join("\n");
  }
};

/** Terraform's failures are a tool's; they keep their own exit status. */
export const ofTerraform: <A>(task: TE.TaskEither<TerraformError, A>) => TE.TaskEither<ReleaseError, A> =
  TE.mapLeft((error) => ({ _tag: "Failed", ...terraformFailure(error) }));

const statusOf = (error: ReleaseError): number =>
  error._tag === "Failed" && error.status !== undefined ? error.status : EXITS[error._tag];

/** Ends a command. */
export const asFailure: <A>(task: TE.TaskEither<ReleaseError, A>) => TE.TaskEither<Failure, A> = TE.mapLeft(
  (error) => failure(statusOf(error), explain(error)),
);
