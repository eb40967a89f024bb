import { copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The providers every stack is planned with, as Terraform's lock file. To update one, or when the stack's bounds
 * change: `terraform init -upgrade` and `terraform providers lock -platform=linux_amd64` (where HCP Terraform
 * runs) in a synthesized stack's folder, and copy its `.terraform.lock.hcl` back here.
 */
const LOCK_FILE = join("stacks", "terraform.lock.hcl");

/** What a run never needs of a stack's folder: what Terraform keeps there for itself. */
const IGNORED = [".terraform/", "*.tfstate", "*.tfstate.*", "*.tfplan", ".terraform.tfstate.lock.info"];

/** Adds to a synthesized stack's folder what makes it complete on its own, wherever it is planned. */
export const addRunFiles = (folder: string): void => {
  copyFileSync(LOCK_FILE, join(folder, ".terraform.lock.hcl"));
  writeFileSync(join(folder, ".terraformignore"), `${IGNORED.join("\n")}\n`);
};
