import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { isArray, type Json, parseJson } from "../../json";

type TerraformFunction = (args: ReadonlyArray<Json>, folder: string) => Json;

const text = (value: Json | undefined): string => {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  throw new TypeError(`a string was expected, not ${JSON.stringify(value)}`);
};

const hash =
  (algorithm: string, encoding: "base64" | "hex"): TerraformFunction =>
  ([path], folder) =>
    createHash(algorithm)
      .update(readFileSync(resolve(folder, text(path))))
      .digest(encoding);

/** Terraform's functions that synthesized stacks call; file paths count from the stack's folder. */
export const terraformFunctions: Readonly<Record<string, TerraformFunction>> = {
  jsonencode: ([value]) => JSON.stringify(value),
  jsondecode: ([value]) => {
    const parsed = parseJson(text(value));
    if (parsed === undefined) throw new TypeError("a JSON text was expected");
    return parsed;
  },
  join: ([separator, list]) =>
    (list !== undefined && isArray(list) ? list : [list ?? null]).map(text).join(text(separator)),
  replace: ([value, search, replacement]) => text(value).replaceAll(text(search), text(replacement)),
  trimprefix: ([value, prefix]) =>
    text(value).startsWith(text(prefix)) ? text(value).slice(text(prefix).length) : text(value),
  tostring: ([value]) => text(value),
  tolist: ([value]) => value ?? null,
  toset: ([value]) => value ?? null,
  file: ([path], folder) => readFileSync(resolve(folder, text(path)), "utf8"),
  filebase64sha256: hash("sha256", "base64"),
  filesha256: hash("sha256", "hex"),
  filemd5: hash("md5", "hex"),
};
