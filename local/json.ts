import * as E from "fp-ts/Either";
import * as J from "fp-ts/Json";

export type Json = J.Json;
export type JsonObject = J.JsonRecord;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const isArray = (value: Json): value is J.JsonArray => Array.isArray(value);

/** The JSON of a text, or nothing where it is none. */
export const parseJson = (text: string): E.Either<Error, Json> =>
  E.mapLeft((error: unknown) => (error instanceof Error ? error : new Error(String(error))))(J.parse(text));
