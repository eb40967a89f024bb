import * as E from "fp-ts/Either";
import * as J from "fp-ts/Json";

export type Json = J.Json;
export type JsonObject = J.JsonRecord;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const isArray = (value: Json): value is J.JsonArray => Array.isArray(value);

/** The value of a text, undefined where it is not JSON. */
export const parseJson = (text: string): Json | undefined => E.getOrElseW(() => undefined)(J.parse(text));
