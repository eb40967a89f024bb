/** What Terraform's output says went wrong. Each pattern is of a message of the tested version. */
import type { TerraformError } from "./errors";

const TAIL_LINES = 30;

/** Terraform draws a box around each error; its words are what matters. */
const plain = (text: string): string =>
  text
    .split("\n")
    .map((line) => line.replace(/^[╷│╵] ?/, "").trimEnd())
    .filter((line, index, all) => line !== "" || all[index - 1] !== "")
    .join("\n")
    .trim();

/** From the first error on; everything before is progress that was shown already. */
const errorsIn = (text: string): string => {
  const from = text.search(/^Error: /m);
  return from === -1 ? text : text.slice(from);
};

/** Its first sentences in one line, without the place in the stack that Terraform points at. */
const firstLines = (text: string, count: number): string => {
  const [title = "", ...rest] = text
    .split("\n")
    .filter((line) => line !== "" && !/^ +(on .*:|\d+: )/.test(line))
    .slice(0, count);
  const detail = rest.join(" ").replace(/ For more details, view this run .*/, "");
  return `${title.replace(/^Error: /, "")}${detail === "" ? "" : `: ${detail}`}`;
};

const group = (pattern: RegExp, text: string): string | undefined => pattern.exec(text)?.[1]?.trim();

/** Where a person sees the run of a cloud workspace. */
export const linkIn = (output: string): string => group(/^(https:\/\/\S+\/runs\/run-\S+)$/m, output) ?? "";

type Failed = {
  readonly folder: string;
  readonly environment: string;
  /** The subcommand. */
  readonly what: string;
  readonly output: string;
};

type Diagnosis = readonly [
  pattern: RegExp,
  error: (errors: string, failed: Failed, link: string) => TerraformError,
];

const DIAGNOSES: ReadonlyArray<Diagnosis> = [
  [
    /Error acquiring the state lock|[Ww]orkspace (is )?already locked|workspace .*is locked/,
    (errors, _, link) => ({
      _tag: "Locked",
      by: group(/^ *Who: +(.+)$/m, errors) ?? "somebody else",
      id: group(/^ *ID: +(\S+)$/m, errors),
      link,
    }),
  ],
  [
    /Saved plan is stale|Saved plan is discarded|Saved plan is canceled|different lineage/,
    (errors) => ({ _tag: "StalePlan", detail: firstLines(errors, 4) }),
  ],
  [
    /[Pp]olicy [Cc]heck.*(hard failed|soft failed|errored)|requires policy override|run task|mandatory tasks|Task Stage/,
    (errors, _, link) => ({ _tag: "PolicyFailed", detail: firstLines(errors, 3), link }),
  ],
  [/Saved plan has no changes/, () => ({ _tag: "NothingToDo" })],
  [/Saved plan /, (errors) => ({ _tag: "NotApplicable", detail: firstLines(errors, 4) })],
  [
    /Required token could not be found|terraform login (\S+)$/m,
    (errors) => ({ _tag: "NoToken", host: group(/terraform login (\S+)/, errors) ?? "app.terraform.io" }),
  ],
  [
    /Unsupported Terraform Core version|Terraform version mismatch|Incompatible Terraform version|Remote workspace Terraform version/,
    (errors) => ({ _tag: "WrongVersion", where: "the stack or its workspace", found: firstLines(errors, 6) }),
  ],
  [
    /initialization required|run "?terraform init"?|Module not installed|Inconsistent dependency lock file/i,
    (_, { folder, environment }) => ({ _tag: "NotInitialised", folder, environment }),
  ],
  [
    /No valid credential sources|ExpiredToken|InvalidClientTokenId|AccessDenied|Access ?Denied|Insufficient rights|not authorized|UnauthorizedOperation|unauthorized|Invalid or missing credentials|organization .* (at host|not found)/,
    (errors) => ({ _tag: "Refused", detail: firstLines(errors, 5) }),
  ],
];

export const diagnose = (failed: Failed): TerraformError => {
  const output = plain(failed.output);
  const errors = errorsIn(output);
  const link = linkIn(output);
  const known = DIAGNOSES.find(([pattern]) => pattern.test(errors));
  return (
    known?.[1](errors, failed, link) ?? {
      _tag: "Failed",
      what: failed.what,
      tail: errors.split("\n").slice(0, TAIL_LINES).join("\n"),
      link,
    }
  );
};
