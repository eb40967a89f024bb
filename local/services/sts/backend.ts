import type { Backend } from "../../engine/gateway/call";
import { userArn } from "../../engine/gateway/callers";
import { AwsError } from "../../engine/gateway/errors";
import { queryAnswer } from "../../engine/wire/query";

/** Who am I: the part of STS that every `aws` command line tries first. */
export const stsBackend =
  (account: string): Backend =>
  ({ operation, caller }) => {
    if (operation !== "GetCallerIdentity")
      throw new AwsError("InvalidAction", `${operation} is not one the local platform speaks`);
    const arn = userArn(caller, account);
    const result = `<Arn>${arn}</Arn><UserId>${account}</UserId><Account>${account}</Account>`;
    return Promise.resolve(queryAnswer(operation, "https://sts.amazonaws.com/doc/2011-06-15/", result));
  };
