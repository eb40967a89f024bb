/**
 * The plan file of a cloud workspace: Terraform writes into it which run the plan is. Terraform writes none for
 * a run that can only be looked at; with one of ours, `terraform show` reads that run too.
 */
import { readFileSync } from "node:fs";
import * as t from "io-ts";

const SavedRun = t.type({ remote_plan_format: t.literal(1), run_id: t.string, hostname: t.string });

/** @param link to the run, as Terraform prints it */
export const savedRun = (link: string): string => {
  const { host, pathname } = new URL(link);
  return JSON.stringify({ remote_plan_format: 1, run_id: pathname.split("/").at(-1), hostname: host });
};

/** Whether a plan file stands for a run; elsewhere it is an archive that holds the plan. */
export const isSavedRun = (file: string): boolean => {
  try {
    return SavedRun.is(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return false;
  }
};
