import type { Backend } from "../../engine/gateway/call";
import { userArn } from "../../engine/gateway/callers";
import { AwsError } from "../../engine/gateway/errors";

/** Who am I: the part of STS that every `aws` command line tries first. */
export const stsBackend =
  (account: string): Backend =>
  ({ operation, caller }) => {
    if (operation !== "GetCallerIdentity")
      throw new AwsError("InvalidAction", `${operation} is not one the local platform speaks`);
    const arn = userArn(caller, account);
    const body =
      `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>` +
      `<Arn>${arn}</Arn><UserId>${account}</UserId><Account>${account}</Account>` +
      `</GetCallerIdentityResult><ResponseMetadata><RequestId>local</RequestId></ResponseMetadata></GetCallerIdentityResponse>`;
    return Promise.resolve({ status: 200, headers: { "content-type": "text/xml" }, body: Buffer.from(body) });
  };
