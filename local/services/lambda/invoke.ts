import type { Headers } from "../../engine/gateway/call";
import type { Caller } from "../../engine/gateway/callers";
import type { Client } from "../../engine/gateway/client";

const send = (client: Client, caller: Caller, functionArn: string, payload: string, headers: Headers) =>
  client.send(caller, "lambda", {
    method: "POST",
    url: `/2015-03-31/functions/${encodeURIComponent(functionArn)}/invocations`,
    headers: { "content-type": "application/json", ...headers },
    body: Buffer.from(payload),
  });

/** Invokes a function and waits. A function that fails answers with `failed`; Lambda refusing is an AwsError. */
export const invoke = async (
  client: Client,
  caller: Caller,
  functionArn: string,
  payload: string,
): Promise<{ readonly payload: string; readonly failed: boolean }> => {
  const { headers, body } = await send(client, caller, functionArn, payload, {});
  return { payload: body.toString(), failed: headers["x-amz-function-error"] !== undefined };
};

/** Hands an event to a function's own queue and does not wait. */
export const invokeLater = async (
  client: Client,
  caller: Caller,
  functionArn: string,
  payload: string,
): Promise<void> => {
  await send(client, caller, functionArn, payload, { "x-amz-invocation-type": "Event" });
};

/** Lambda reads a source of events under the function's role, and invokes the function as itself. */
export const callersFor = ({ role }: { readonly role: string }, sourceArn: string) => ({
  role: { kind: "role", arn: role } as const,
  service: { kind: "service", principal: "lambda.amazonaws.com", sourceArn, unquestioned: true } as const,
});
