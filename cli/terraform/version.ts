/**
 * The minor version of Terraform that this project is tested with, and therefore deployed with: here, in CI and
 * in HCP Terraform's workspaces. To move it: change this line, run the Terraform suites, and set it in the
 * workspaces and workflows (a test holds the workflows to it).
 */
export const TESTED_TERRAFORM = "1.11";

export const isTested = (version: string): boolean => version.startsWith(`${TESTED_TERRAFORM}.`);
