import * as E from "fp-ts/Either";
import type { ServiceRequest } from "../../../../local/engine/wire/access";
import { readRequest } from "../../../platform/support/services";
import { capture, REGION } from "./capture";

export const ACCOUNT = "123456789012";

/** `operation: action on resource`, for each access. */
export const read = (
  service: string,
  request: Omit<ServiceRequest, "region" | "account">,
): ReadonlyArray<string> => {
  const found = readRequest(service, { ...request, region: REGION, account: ACCOUNT });
  if (E.isLeft(found)) return [`${found.left._tag} ${found.left.operation}`];
  return found.right.accesses.map(
    ({ action, resource }) => `${found.right.operation}: ${action} on ${resource}`,
  );
};
export const sent = async (service: string, call: () => Promise<unknown>) => {
  const { payload, ...request } = await capture(call());
  return read(service, { ...request, body: payload });
};
