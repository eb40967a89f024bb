import * as E from "fp-ts/Either";
import type * as t from "io-ts";
import { cut } from "../../../lib/text";
import { type JsonObject, parseJson } from "../../json";
import type { AwsService } from "../service";
import { type AwsAnswer, type AwsCall, callOf, type Headers } from "./call";
import type { Caller } from "./callers";
import { AwsError } from "./errors";
import type { Gateway } from "./gateway";

/** What a refusal says of itself, in whichever of the services' shapes. */
const errorOf = ({ status, headers, body }: AwsAnswer): AwsError => {
  const text = body.toString();
  const inJson = /"__type"\s*:\s*"([^"]+)"/.exec(text)?.[1];
  const code =
    headers["x-amzn-errortype"]?.toString() ??
    inJson?.split("#").at(-1) ??
    /<Code>([^<]+)</.exec(text)?.[1] ??
    "InternalFailure";
  const message =
    /"[Mm]essage"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(text)?.[1] ?? /<Message>([^<]*)</.exec(text)?.[1];
  return new AwsError(code, message ?? cut(text, 200), status);
};

/**
 * Calls of the platform's own parts, each as a caller. They pass through the gateway like an SDK's, but not over
 * HTTP: nobody can forge a call from inside, so these carry no signature.
 */
export const makeClient = (
  gateway: Gateway,
  services: ReadonlyArray<AwsService>,
  { region, account }: { readonly region: string; readonly account: string },
) => {
  const serviceNamed = (name: string): AwsService => {
    const found = services.find((one) => one.name === name);
    if (found === undefined) throw new Error(`no service ${name} is served here`);
    return found;
  };
  const scoped = (service: string): Record<string, string> => ({
    // dynalite wants to see a signature, fauxqs reads the region from it; neither checks it.
    authorization: `AWS4-HMAC-SHA256 Credential=platform/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=0`,
    "x-amz-date": "20260101T000000Z",
  });
  const send = async (
    caller: Caller,
    serviceName: string,
    request: Pick<AwsCall, "method" | "url" | "body"> & { readonly headers?: Headers },
  ): Promise<AwsAnswer> => {
    const { method, url: target, body, headers } = request;
    const call = callOf(serviceNamed(serviceName), caller, {
      method,
      target,
      headers: { ...scoped(serviceName), ...headers },
      body,
      region,
      account,
    });
    const answer = await gateway.handle(call);
    if (answer.status >= 300) throw errorOf(answer);
    return answer;
  };

  return {
    /** Any request to a service. Throws the service's AwsError. */
    send,
    /** An operation of a service that speaks JSON; the answer is decoded. Throws the service's AwsError. */
    json: async <A>(
      caller: Caller,
      service: string,
      operation: string,
      input: JsonObject,
      answer: t.Type<A, unknown>,
    ): Promise<A> => {
      const { body } = await send(caller, service, {
        method: "POST",
        url: "/",
        headers: {
          "content-type": "application/x-amz-json-1.0",
          "x-amz-target": `${serviceNamed(service).target ?? ""}.${operation}`,
        },
        body: Buffer.from(JSON.stringify(input)),
      });
      const decoded = answer.decode(parseJson(body.toString() || "{}"));
      if (E.isLeft(decoded))
        throw new AwsError("InternalFailure", `${operation} was not answered as expected`, 500);
      return decoded.right;
    },
  };
};

export type Client = ReturnType<typeof makeClient>;
