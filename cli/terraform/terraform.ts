/**
 * The real `terraform`, driven in the folder of one environment's synthesized stack: whatever its backend is,
 * Terraform does the work and this only starts it, passes an interrupt on, and reads what it says.
 *
 *     init(stack)                  fetches providers, connects to the state
 *     planTo(stack, options)       progress as it goes; the plan file is what is reviewed and applied
 *     show(stack, file)            a saved plan in JSON
 *     showText(stack, file)        the same as Terraform prints it for people
 *     apply(stack, file)           exactly that plan
 *     outputs(stack)               the outputs in the state; needs no provider
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import * as t from "io-ts";
import { faultLines } from "../../lib/faults";
import { type Ended, runProgram } from "../../lib/process";
import { diagnose, linkIn } from "./diagnose";
import type { TerraformError } from "./errors";
import { PlanJson } from "./plan-json";
import { isSavedRun } from "./saved-run";
import { isTested } from "./version";

export type Stack = {
  readonly environment: string;
  /** Where its `cdk.tf.json` is, and where Terraform runs. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** Told of the progress. */
  readonly say: (line: string) => void;
  /**
   * An apply goes on to its end when it is interrupted. Terraform would cancel the calls under way, and forget what
   * these had made already.
   */
  readonly finishes?: boolean;
};

type Result<A> = TE.TaskEither<TerraformError, A>;

/** Commands that run quietly, and those whose progress is shown. */
type Heard = "aloud" | "quietly";

const AUTOMATED = { TF_IN_AUTOMATION: "1", CHECKPOINT_DISABLE: "1", TF_INPUT: "0" };

/** From here on the plan is printed, which `deploy` prints in its own way. */
const PLAN_BEGINS =
  /^(Terraform used the selected providers|Terraform planned the following|Terraform will perform|Note: Objects have changed|Changes to Outputs|No changes\.|You can apply this plan to save|This is a refresh-only plan)/;

/** Reports a failure at the end, so that it is not reported twice. */
const withoutErrors = (say: Stack["say"]): ((line: string) => void) => {
  let box: ReadonlyArray<string> = [];
  let isError = false;
  return (line) => {
    isError ||= line.startsWith("Error: ");
    if (isError) return;
    if (/^[╷│╵]/.test(line)) box = [...box, line];
    if (line === "╵" && !box.some((one) => one.startsWith("│ Error: "))) box.forEach(say);
    if (line === "╵") box = [];
    else if (box.length === 0) say(line);
  };
};

/** Said of every resource of which anything reads differently; what drifted is told at the end. */
const READ_ANEW = /: Drift detected \(/;

const progress = (say: Stack["say"]): ((line: string) => void) => {
  let isOver = false;
  const tell = withoutErrors(say);
  return (line) => {
    isOver ||= PLAN_BEGINS.test(line);
    if (!isOver && line.trim() !== "" && !READ_ANEW.test(line)) tell(line);
  };
};

/** A remote run that goes on without this command, and how to stop it. */
const leftBehind = (what: string, output: string, times: number): string => {
  const link = linkIn(output);
  if (link !== "")
    return `interrupted. HCP Terraform goes on with this ${what} by itself; to stop it, cancel or discard the run: ${link}`;
  if (what !== "apply") return "interrupted. Nothing was changed, and nothing goes on running.";
  return times > 1
    ? "interrupted twice: Terraform dropped what it was doing. What it was making may exist without being in the state: run plan, and look."
    : "interrupted. Terraform finished what it had begun and saved its state; what is left to do, the next plan shows.";
};

const INTERRUPTED_ONCE = {
  remote: "\ninterrupted: the run in HCP Terraform goes on; this only stops watching it …",
  apply: "\ninterrupted: Terraform finishes what it has begun and saves its state (Ctrl-C again drops it) …",
  finishing: "\ninterrupted: Terraform goes on to the end of this apply (Ctrl-C again stops it) …",
  other: "\ninterrupted: waiting for Terraform to end …",
};

const terraform = (
  { environment, folder, env, say, finishes = false }: Stack,
  what: string,
  args: ReadonlyArray<string>,
  heard: Heard,
): Result<Ended> => {
  let output = "";
  let times = 0;
  const applying = finishes ? "finishing" : "apply";
  const show = what === "plan" ? progress(say) : withoutErrors(say);
  return pipe(
    runProgram("terraform", [what, ...args], {
      cwd: folder,
      env: { ...env, ...AUTOMATED },
      finishes: finishes && what === "apply",
      onLine: (line) => {
        output += `${line}\n`;
        if (heard === "aloud") show(line);
      },
      onInterrupt: (count) => {
        times = count;
        say(INTERRUPTED_ONCE[linkIn(output) !== "" ? "remote" : what === "apply" ? applying : "other"]);
      },
    }),
    TE.mapLeft((): TerraformError => ({ _tag: "Missing" })),
    TE.flatMapEither((ended) => {
      if (ended.interrupted)
        return E.left<TerraformError>({ _tag: "Interrupted", left: leftBehind(what, output, times) });
      return ended.code === 0
        ? E.right(ended)
        : E.left(diagnose({ folder, environment, what, output: `${ended.stdout}\n${ended.stderr}` }));
    }),
  );
};

const decoded =
  <A>(codec: t.Decoder<unknown, A>, what: string) =>
  ({ stdout }: Ended): E.Either<TerraformError, A> =>
    pipe(
      E.tryCatch(
        (): unknown => JSON.parse(stdout),
        (): TerraformError => ({ _tag: "NotReadable", what, detail: "not JSON" }),
      ),
      E.flatMap((json) =>
        pipe(
          codec.decode(json),
          E.mapLeft((errors): TerraformError => ({ _tag: "NotReadable", what, detail: faultLines(errors) })),
        ),
      ),
    );

const Version = t.type({ terraform_version: t.string });

/** Fails unless the tested minor version is installed. */
export const checkVersion = (stack: Stack): Result<void> =>
  pipe(
    terraform({ ...stack, folder: "." }, "version", ["-json"], "quietly"),
    TE.flatMapEither(decoded(Version, "terraform version -json")),
    TE.flatMapEither(({ terraform_version: found }) =>
      isTested(found)
        ? E.right(undefined)
        : E.left<TerraformError>({ _tag: "WrongVersion", where: "this machine", found }),
    ),
  );

/** A cloud workspace has a version of its own; it is the one that planned. */
const checkPlannedWith = (plan: PlanJson): E.Either<TerraformError, PlanJson> =>
  plan.terraform_version === undefined || isTested(plan.terraform_version)
    ? E.right(plan)
    : E.left({
        _tag: "WrongVersion",
        where: "the workspace in HCP Terraform that made this plan",
        found: plan.terraform_version,
      });

const checkFolder = ({ folder, environment }: Stack): Result<void> =>
  existsSync(join(folder, "cdk.tf.json"))
    ? TE.right(undefined)
    : TE.left({ _tag: "NotInitialised", folder, environment });

/** Never prompts, and never moves a state. */
export const init = (stack: Stack): Result<void> =>
  pipe(
    checkVersion(stack),
    TE.flatMap(() => checkFolder(stack)),
    TE.flatMap(() => terraform(stack, "init", ["-input=false", "-no-color"], "quietly")),
    TE.map(() => undefined),
  );

/** The providers named in a state are not needed to read its outputs, and are not fetched. */
const NO_PROVIDERS = "-plugin-dir=.";
const PROVIDERS_ONLY = /Failed to query available provider packages/;

/** Connects to the state, and to nothing else. */
export const initBackend = (stack: Stack): Result<void> =>
  pipe(
    checkVersion(stack),
    TE.flatMap(() => terraform(stack, "init", ["-input=false", "-no-color", NO_PROVIDERS], "quietly")),
    TE.map(() => undefined),
    TE.orElse((error) =>
      error._tag === "Failed" && PROVIDERS_ONLY.test(error.tail) ? TE.right(undefined) : TE.left(error),
    ),
  );

/** The state as Terraform keeps it; nothing where nothing was applied yet. */
export const pull = (stack: Stack): Result<string> =>
  pipe(
    terraform(stack, "state", ["pull"], "quietly"),
    TE.map(({ stdout }) => stdout),
  );

export type PlanOptions = {
  /** Where the plan is saved, to be applied; none: a plan that can never be applied. */
  readonly out: string | undefined;
  readonly lock?: boolean;
  readonly refreshOnly?: boolean;
  readonly destroy?: boolean;
  readonly variables?: Readonly<Record<string, string>>;
};

/** @returns what Terraform printed */
export const planTo = (
  stack: Stack,
  { out, lock = true, refreshOnly = false, destroy = false, variables = {} }: PlanOptions,
): Result<string> =>
  pipe(
    terraform(
      stack,
      "plan",
      [
        ...["-input=false", "-no-color"],
        ...(out === undefined ? [] : [`-out=${out}`]),
        ...(lock ? [] : ["-lock=false"]),
        ...(refreshOnly ? ["-refresh-only"] : []),
        ...(destroy ? ["-destroy"] : []),
        ...Object.entries(variables).flatMap(([name, value]) => ["-var", `${name}=${value}`]),
      ],
      "aloud",
    ),
    TE.map(({ stdout }) => stdout),
  );

export const show = (stack: Stack, file: string): Result<PlanJson> =>
  pipe(
    terraform(stack, "show", ["-json", file], "quietly"),
    TE.flatMapEither(decoded(PlanJson, `terraform show -json ${file}`)),
    TE.flatMapEither(checkPlannedWith),
  );

export const showText = (stack: Stack, file: string): Result<string> =>
  pipe(
    terraform(stack, "show", ["-no-color", file], "quietly"),
    TE.map(({ stdout }) => stdout),
  );

/** A confirmed run would wait for its workspace, and go on unwatched. */
const checkUnlocked = (stack: Stack, file: string): Result<void> =>
  isSavedRun(file)
    ? pipe(
        showText(stack, file),
        TE.flatMapEither((text) =>
          /^Workspace is locked$/m.test(text)
            ? E.left<TerraformError>({
                _tag: "Locked",
                by: "a person or another run",
                id: undefined,
                link: linkIn(text),
              })
            : E.right(undefined),
        ),
      )
    : TE.right(undefined);

export const apply = (stack: Stack, file: string): Result<void> =>
  pipe(
    checkUnlocked(stack, file),
    TE.flatMap(() => terraform(stack, "apply", ["-input=false", "-no-color", file], "aloud")),
    TE.map(() => undefined),
  );

const Outputs = t.record(
  t.string,
  t.intersection([t.type({ value: t.unknown }), t.partial({ sensitive: t.boolean })]),
);
export type Outputs = t.TypeOf<typeof Outputs>;

/** The outputs in the state; none where nothing was applied yet. */
export const outputs = (stack: Stack): Result<Outputs> =>
  pipe(
    terraform(stack, "output", ["-json", "-no-color"], "quietly"),
    TE.flatMapEither(decoded(Outputs, "terraform output -json")),
  );
