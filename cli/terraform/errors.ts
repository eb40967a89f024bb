/** The ways in which Terraform can fail: the exit status of each, and what to do. */
import * as TE from "fp-ts/TaskEither";
import { type Failure, failure } from "../../lib/command";
import { TESTED_TERRAFORM } from "./version";

export type TerraformError =
  | { readonly _tag: "Missing" }
  | { readonly _tag: "WrongVersion"; readonly where: string; readonly found: string }
  | { readonly _tag: "NotInitialised"; readonly folder: string; readonly environment: string }
  | { readonly _tag: "NoToken"; readonly host: string }
  | { readonly _tag: "Refused"; readonly detail: string }
  | { readonly _tag: "Locked"; readonly by: string; readonly id: string | undefined; readonly link: string }
  | { readonly _tag: "StalePlan"; readonly detail: string }
  | { readonly _tag: "NotApplicable"; readonly detail: string }
  /** A saved plan of a cloud workspace that changes nothing; elsewhere Terraform applies it, to the same end. */
  | { readonly _tag: "NothingToDo" }
  | { readonly _tag: "PolicyFailed"; readonly detail: string; readonly link: string }
  | { readonly _tag: "NotReadable"; readonly what: string; readonly detail: string }
  | { readonly _tag: "Failed"; readonly what: string; readonly tail: string; readonly link: string }
  | { readonly _tag: "Interrupted"; readonly left: string };

type Ending = { readonly status: number; readonly meaning: string };

const EXITS: Readonly<Record<TerraformError["_tag"], Ending>> = {
  Missing: { status: 10, meaning: "terraform is not installed" },
  WrongVersion: { status: 11, meaning: "another version of Terraform than the tested one" },
  NotInitialised: {
    status: 12,
    meaning: "no synthesized stack, or one that Terraform was not initialised in",
  },
  NoToken: { status: 13, meaning: "no token for HCP Terraform" },
  Refused: { status: 14, meaning: "the credentials may not do this, or there are none" },
  Locked: { status: 15, meaning: "the state is locked" },
  StalePlan: { status: 16, meaning: "the plan is stale: something else was applied since" },
  NotApplicable: {
    status: 17,
    meaning: "the plan cannot be applied (already applied, failed, not finished)",
  },
  NothingToDo: { status: 0, meaning: "nothing to do" },
  PolicyFailed: { status: 18, meaning: "a policy check or a run task failed" },
  NotReadable: { status: 19, meaning: "Terraform answered something this command does not understand" },
  Failed: { status: 20, meaning: "the plan or the apply failed" },
  Interrupted: { status: 130, meaning: "interrupted (Ctrl-C)" },
};

/** For `--help`. */
export const TERRAFORM_EXITS: ReadonlyArray<Ending> = Object.values(EXITS).filter(({ status }) => status > 0);

const see = (link: string): string => (link === "" ? "" : `\nsee ${link}`);

/** Terraform's variable for a host's token: dots become underscores, dashes two. */
export const tokenVariable = (host: string): string =>
  `TF_TOKEN_${host.replaceAll("-", "__").replaceAll(".", "_")}`;

/** It can express no port. */
export const orVariable = (host: string): string =>
  host.includes(":") ? "" : `, or set ${tokenVariable(host)}`;

const explain = (error: TerraformError): string => {
  switch (error._tag) {
    case "Missing":
      return `terraform: not found. Install Terraform ${TESTED_TERRAFORM}: https://developer.hashicorp.com/terraform/install`;
    case "WrongVersion":
      return `${error.where} runs Terraform ${error.found}; this project is tested with ${TESTED_TERRAFORM}. Install or set that version.`;
    case "NotInitialised":
      return `${error.folder}: there is no initialised stack. Synthesize it: npm run synth -- --environment ${error.environment}`;
    case "NoToken":
      return `no token for ${error.host}. Log in with "terraform login ${error.host}"${orVariable(error.host)}.`;
    case "Refused":
      return `refused: ${error.detail}\nCheck which credentials this shell or workspace has, and what their role or team may do.`;
    case "Locked":
      return [
        `the state is locked by ${error.by}. Wait until it is free, or ask them.`,
        error.id === undefined
          ? `To unlock: ${error.link === "" ? "the workspace's page in HCP Terraform" : error.link}`
          : `If what locked it is dead for certain: terraform force-unlock ${error.id}, in the stack's folder.`,
      ].join("\n");
    case "StalePlan":
      return `this plan is stale: ${error.detail}\nPlan again, and have the new plan reviewed.`;
    case "NotApplicable":
      return `this plan cannot be applied: ${error.detail}`;
    case "NothingToDo":
      return "this plan changes nothing";
    case "PolicyFailed":
      return `a policy check or run task failed: ${error.detail}\nChange what it objects to, or let somebody override it there.${see(error.link)}`;
    case "NotReadable":
      return `${error.what}: expected what Terraform ${TESTED_TERRAFORM} writes: ${error.detail}`;
    case "Failed":
      return `terraform ${error.what} failed:\n${error.tail}${see(error.link)}`;
    case "Interrupted":
      return error.left;
  }
};

/** Ends a command. */
export const terraformFailure = (error: TerraformError): Failure =>
  failure(EXITS[error._tag].status, explain(error));

export const ofTerraform: <A>(task: TE.TaskEither<TerraformError, A>) => TE.TaskEither<Failure, A> =
  TE.mapLeft(terraformFailure);
