import { ACCOUNT, AccountMemory } from "./account-memory.mts";
import type { Access } from "./asked.mts";
import { accessesOf, learn } from "./requests.mts";
import { type Call, callOf } from "./wire.mts";

/** Requests as the AWS provider sends them. */

type Sent = {
  readonly method?: string;
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
};

const KEY = "dev-apply";
export const arn = (service: string, resource: string): string =>
  `arn:aws:${service}:eu-central-1:${ACCOUNT}:${resource}`;

const sent = (service: string, { method = "POST", url = "/", headers = {}, body = "" }: Sent): Call =>
  callOf(
    {
      method,
      url,
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=${KEY}/20261129/eu-central-1/${service}/aws4_request, SignedHeaders=host`,
        ...headers,
      },
    },
    Buffer.from(body),
  );

/** `AmazonSQS.CreateQueue` and a JSON document. */
export const json = (service: string, target: string, input: unknown): Call =>
  sent(service, { headers: { "x-amz-target": target }, body: JSON.stringify(input) });

/** A form. */
export const query = (service: string, fields: Readonly<Record<string, string>>): Call =>
  sent(service, {
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(fields).toString(),
  });

/** A method and a path, with a JSON document where it has a body. */
export const rest = (service: string, method: string, url: string, input?: unknown): Call =>
  sent(service, { method, url, body: input === undefined ? "" : JSON.stringify(input) });

/** S3's, whose bodies are XML. */
export const s3 = (
  method: string,
  url: string,
  headers: Readonly<Record<string, string>> = {},
  body = "",
): Call => sent("s3", { method, url, headers, body });

const ALWAYS = ["aws:SecureTransport", "aws:RequestedRegion"];

export const OWNER = [{ Key: "owner", Value: "desk" }];

/** A call that did what it asked, and the answer where something is remembered of that. */
export type Answered = readonly [Call, answer?: unknown];

/** What a call needs, after others were answered; without what every request states. */
export const needs = (call: Call, ...before: ReadonlyArray<Answered>): ReadonlyArray<Access> | string => {
  const memory = remembering(...before);
  const accesses = accessesOf(call, memory);
  return typeof accesses === "string"
    ? accesses
    : accesses.map(({ context, ...access }) => ({
        ...access,
        context: Object.fromEntries(Object.entries(context).filter(([key]) => !ALWAYS.includes(key))),
      }));
};

export const remembering = (...answered: ReadonlyArray<Answered>): AccountMemory => {
  const memory = new AccountMemory();
  for (const [call, answer = {}] of answered) learn(call, JSON.stringify(answer), memory);
  return memory;
};
