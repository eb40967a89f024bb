import type { Caller } from "../../engine/gateway/callers";
import type { Client } from "../../engine/gateway/client";

/** An operation of SNS, which speaks forms and XML; returns the XML. Throws the service's AwsError. */
export const askSns = async (
  client: Client,
  caller: Caller,
  operation: string,
  input: Readonly<Record<string, string>>,
): Promise<string> => {
  const { body } = await client.send(caller, "sns", {
    method: "POST",
    url: "/",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: Buffer.from(new URLSearchParams({ Action: operation, Version: "2010-03-31", ...input }).toString()),
  });
  return body.toString();
};
