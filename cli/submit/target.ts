import type { Authorize } from "../../lib/http";
import { authorizeFor } from "../orders-api/authorize";
import { wrong } from "./tell";

/** The API that a file is sent to. */
export type Target = { readonly endpoint: URL; readonly authorize: Authorize };

export const endpointOf = (text: string): URL => {
  const url = URL.parse(text);
  if (url?.protocol !== "http:" && url?.protocol !== "https:")
    throw wrong(`--endpoint ${text}: expected an http or https URL`);
  return url;
};

/** Finds out how the API is spoken to, and says so. */
export const targetAt = async (endpoint: URL, region: string | undefined): Promise<Target> => {
  const { authorize, how } = await authorizeFor(endpoint, process.env["ORDERS_TOKEN"], region);
  console.error(`sending to ${endpoint.href}, ${how}`);
  return { endpoint, authorize };
};
