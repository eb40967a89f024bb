import type { IncomingMessage } from "node:http";

/** A call to AWS, as far as what moto lacks depends on it. */

export type Json = Record<string, unknown>;
export type Call = {
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Json;
};

export const parse = (body: Buffer): Json => {
  try {
    return JSON.parse(body.toString()) as Json;
  } catch {
    return {};
  }
};

export const callOf = ({ headers, method = "GET", url = "/" }: IncomingMessage, body: Buffer): Call => ({
  operation:
    String(headers["x-amz-target"] ?? "")
      .split(".")
      .at(-1) ?? "",
  method,
  path: url.replace(/\?.*/, ""),
  query: new URLSearchParams(/\?(.*)/.exec(url)?.[1] ?? ""),
  body: parse(body),
});
