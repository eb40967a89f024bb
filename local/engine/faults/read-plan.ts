import { readFileSync } from "node:fs";
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import { messageOf, StartError } from "../../start-error";
import { decodePlan, type PlanFile } from "./plan-file";

/** The plan in a file. A file that is none is a StartError with a line for every fault of it. */
export const readPlan = (file: string): PlanFile => {
  const content = E.tryCatch(
    (): unknown => JSON.parse(readFileSync(file, "utf8")),
    (error) => [messageOf(error)],
  );
  return pipe(
    content,
    E.flatMap(decodePlan),
    E.getOrElse((lines): PlanFile => {
      throw new StartError(lines.map((line) => `--faults ${file}: ${line}`).join("\n"));
    }),
  );
};
