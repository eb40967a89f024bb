import { appendFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Activity } from "./activity";
import { bodyOf, respond } from "./engine/gateway/server";
import { isArray, isObject, type Json, parseJson } from "./json";

/** No bucket can have this name, so no S3 request can mean it. */
export const WEBHOOK_PATH = "/_webhook";
const MAX_BODY_BYTES = 1024 * 1024;

/** The texts of a chat message, wherever its format keeps them. */
const textsIn = (value: Json): ReadonlyArray<string> => {
  if (isArray(value)) return value.flatMap(textsIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    key === "text" && typeof item === "string" ? [item] : textsIn(item),
  );
};

/** A stand-in for a chat's incoming webhook: each message is shown, and appended to a file. */
export const webhook =
  (file: string, activity: Activity) =>
  async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bodyOf(request, MAX_BODY_BYTES);
    const message = body === undefined ? undefined : parseJson(body.toString());
    const headers = { "content-type": "text/plain" };
    if (message === undefined) {
      respond(request, response, { status: 400, headers, body: Buffer.from("invalid_payload") });
      return;
    }
    appendFileSync(file, `${JSON.stringify({ at: new Date().toISOString(), message })}\n`);
    const texts = [...new Set(textsIn(message))];
    activity.notification(texts.length === 0 ? JSON.stringify(message) : texts.join(" · "));
    respond(request, response, { status: 200, headers, body: Buffer.from("ok") });
  };
