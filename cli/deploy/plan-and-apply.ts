import { pipe } from "fp-ts/function";
import * as TE from "fp-ts/TaskEither";
import type { TerraformError } from "../terraform/errors";
import { apply, type PlanOptions, type Stack } from "../terraform/terraform";
import { planInto } from "./plan";
import { headline } from "./show";

/** Plans a stack and applies the plan at once, where nobody reviews it. */
export const planAndApply = (
  stack: Stack,
  file: string,
  asked: Pick<PlanOptions, "destroy">,
): TE.TaskEither<TerraformError, void> =>
  pipe(
    planInto(stack, file, asked),
    TE.tapIO(
      ({ review }) =>
        () =>
          stack.say(`${stack.environment}: ${headline(review)}`),
    ),
    TE.flatMap(({ applicable }) => (applicable ? apply(stack, file) : TE.right(undefined))),
  );
