/** Plans a stack, saved to be applied or only to be looked at, and reads the plan back for review. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import * as t from "io-ts";
import { linkIn } from "../terraform/diagnose";
import type { TerraformError } from "../terraform/errors";
import { savedRun } from "../terraform/saved-run";
import { init, planTo, type PlanOptions, show, showText, type Stack } from "../terraform/terraform";
import { humanPlan } from "./human-plan";
import { isEmpty, Review, reviewOf } from "./review";

/** Also what `--json` writes. */
export const PlanReport = t.readonly(
  t.type({
    environment: t.string,
    /** The saved plan; null: it was only to be looked at. */
    plan: t.union([t.string, t.null]),
    /** Of the run, where HCP Terraform plans. */
    link: t.union([t.string, t.null]),
    /** Whether there is something for `apply` to do. */
    applicable: t.boolean,
    /** `text`: read from what Terraform prints, where the path inside an attribute is not whole. */
    source: t.keyof({ json: null, text: null }),
    review: Review,
  }),
  "a plan's report",
);
export type PlanReport = t.TypeOf<typeof PlanReport>;

type Result<A> = TE.TaskEither<TerraformError, A>;

const FORBIDDEN = /admin permissions on the workspace/;

type Read = Pick<PlanReport, "review" | "source">;

/** The whole plan may be read by administrators of a cloud workspace alone, what Terraform prints by everybody. */
const reviewed = (stack: Stack, file: string): Result<Read> =>
  pipe(
    show(stack, file),
    TE.map((plan): Read => ({ review: reviewOf(plan), source: "json" })),
    TE.orElse((error) => {
      if (error._tag !== "Failed" || !FORBIDDEN.test(error.tail.replaceAll(/\s+/g, " ")))
        return TE.left(error);
      stack.say(
        "this token may not read the plan as JSON (that takes admin permission on the workspace); read from what Terraform prints instead",
      );
      return pipe(
        showText(stack, file),
        TE.map((text): Read => ({ review: humanPlan(text), source: "text" })),
      );
    }),
  );

/** Uses a folder of its own for a plan that is not to be applied. */
const aside = <A>(use: (file: string) => Result<A>): Result<A> =>
  TE.bracket(
    TE.fromIO(() => mkdtempSync(join(tmpdir(), "orders-plan-"))),
    (folder) => use(join(folder, "plan")),
    (folder) => TE.fromIO(() => rmSync(folder, { recursive: true, force: true })),
  );

type Asked = Pick<PlanOptions, "refreshOnly" | "destroy" | "variables">;

const reported = (stack: Stack, output: string, file: string, saved: string | null): Result<PlanReport> =>
  pipe(
    reviewed(stack, file),
    TE.map(({ review, source }) => ({
      environment: stack.environment,
      plan: saved,
      link: linkIn(output) || null,
      applicable: saved !== null && !isEmpty(review),
      source,
      review,
    })),
  );

/** A plan that is saved to be applied. */
export const planInto = (stack: Stack, file: string, asked: Asked = {}): Result<PlanReport> =>
  pipe(
    init(stack),
    TE.tapIO(() => () => mkdirSync(dirname(file), { recursive: true })),
    TE.flatMap(() => planTo(stack, { ...asked, out: file })),
    TE.flatMap((output) => reported(stack, output, file, file)),
  );

/** A plan that can never be applied: it holds no lock and leaves nothing behind. */
export const planAside = (stack: Stack, isCloud: boolean, asked: Asked = {}): Result<PlanReport> =>
  aside((file) =>
    pipe(
      init(stack),
      TE.flatMap(() => planTo(stack, { ...asked, out: isCloud ? undefined : file, lock: false })),
      TE.tapIO((output) => () => {
        if (isCloud) writeFileSync(file, savedRun(linkIn(output)));
      }),
      TE.flatMap((output) => reported(stack, output, file, null)),
    ),
  );
