import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import * as E from "fp-ts/Either";
import * as t from "io-ts";
import type { DeclaredStack } from "../catalog";
import type { Backend } from "../../engine/gateway/call";
import { AwsError, jsonAnswer } from "../../engine/gateway/errors";
import { isArray, isObject, type JsonObject, parseJson } from "../../json";
import { messageOf, StartError } from "../../start-error";
import { refuseLong } from "./limits";
import { resources as iamResources } from "../iam/resources";

/**
 * The secrets a stack reads at run time. No stack holds them: their names are those the functions' policies
 * let them read, their values are in `parameters.json` of the data folder, for whoever runs the platform to edit.
 */
const Values = t.record(t.string, t.string);

/** A placeholder for the URL of the built-in webhook, whose port may change at the next start. */
const WEBHOOK = "${webhook}";

const PARAMETER = /^arn:aws:ssm:[^:]*:[^:]*:parameter(\/[^*]+)$/;

const resourcesIn = (policy: string): ReadonlyArray<string> => {
  const document = parseJson(policy) ?? null;
  const statements = isObject(document) ? document["Statement"] : undefined;
  const list = statements === undefined ? [] : isArray(statements) ? statements : [statements];
  return list.flatMap((statement) => {
    const resources = isObject(statement) ? (statement["Resource"] ?? []) : [];
    return (isArray(resources) ? resources : [resources]).filter((resource) => typeof resource === "string");
  });
};

/** Every parameter some policy of the stack names. */
export const parameterNames = (stack: DeclaredStack): ReadonlyArray<string> => {
  const policies = [
    ...stack(iamResources.aws_iam_role_policy).map(({ config }) => config.policy),
    ...stack(iamResources.aws_iam_policy).map(({ config }) => config.policy),
    ...stack(iamResources.aws_iam_role).flatMap(({ config }) =>
      (config.inline_policy ?? []).map(({ policy }) => policy),
    ),
  ];
  const names = policies.flatMap(resourcesIn).flatMap((resource) => PARAMETER.exec(resource)?.[1] ?? []);
  return [...new Set(names)].sort();
};

const defaultFor = (name: string): string =>
  /webhook/i.test(name) ? WEBHOOK : randomBytes(16).toString("hex");

const read = (file: string): Readonly<Record<string, string>> => {
  if (!existsSync(file)) return {};
  const text = E.tryCatch(() => readFileSync(file, "utf8"), messageOf);
  if (E.isLeft(text)) throw new StartError(`${file}: cannot be read: ${text.left}`);
  const values = Values.decode(parseJson(text.right));
  if (E.isLeft(values)) throw new StartError(`${file}: expected an object of texts`);
  return values.right;
};

const keep = (file: string, values: Readonly<Record<string, string>>): void =>
  writeFileSync(file, `${JSON.stringify(values, undefined, 2)}\n`, { mode: 0o600 });

/** Reads the parameters of a data folder, adds those that are missing or given now, and keeps them. */
export const loadParameters = (
  file: string,
  names: ReadonlyArray<string>,
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> => {
  const before = read(file);
  const values = {
    ...Object.fromEntries(names.map((name) => [name, defaultFor(name)])),
    ...before,
    ...given,
  };
  if (JSON.stringify(values) !== JSON.stringify(before)) keep(file, values);
  return values;
};

const GetParameter = t.intersection([t.type({ Name: t.string }), t.partial({ WithDecryption: t.boolean })]);
const GetParameters = t.intersection([
  t.type({ Names: t.readonlyArray(t.string) }),
  t.partial({ WithDecryption: t.boolean }),
]);

const PutParameter = t.intersection([
  t.type({ Name: t.string, Value: t.string }),
  t.partial({ Overwrite: t.boolean }),
]);

type Place = { readonly region: string; readonly account: string; readonly webhookUrl: string };

/** The part of SSM's API that reads and writes parameters, all of them SecureStrings. */
export const parametersBackend = (
  loaded: Readonly<Record<string, string>>,
  place: Place,
  file: string,
): Backend => {
  let values = loaded;
  const described = (name: string): JsonObject => ({
    Name: name,
    Type: "SecureString",
    Version: 1,
    // All of them are in one file.
    LastModifiedDate: Math.floor(statSync(file).mtimeMs / 1_000),
    ARN: `arn:aws:ssm:${place.region}:${place.account}:parameter${name}`,
    DataType: "text",
  });
  const parameter = (name: string, decrypted: boolean): JsonObject | undefined => {
    const value = values[name];
    if (value === undefined) return undefined;
    return {
      ...described(name),
      // Undecrypted, as AWS gives it: nothing a program could use by mistake.
      Value: decrypted
        ? value.replaceAll(WEBHOOK, place.webhookUrl)
        : Buffer.from("encrypted").toString("base64"),
    };
  };
  return ({ operation, body }) => {
    const input = parseJson(body.toString()) ?? null;
    if (operation === "DescribeParameters")
      return Promise.resolve(
        jsonAnswer({ Parameters: Object.keys(values).map(described) }, "application/x-amz-json-1.1"),
      );
    if (operation === "PutParameter" && PutParameter.is(input)) {
      refuseLong(input.Value);
      if (values[input.Name] !== undefined && input.Overwrite !== true)
        throw new AwsError(
          "ParameterAlreadyExists",
          "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.",
        );
      values = { ...values, [input.Name]: input.Value };
      keep(file, values);
      return Promise.resolve(jsonAnswer({ Version: 1, Tier: "Standard" }, "application/x-amz-json-1.1"));
    }
    if (operation === "GetParameter" && GetParameter.is(input)) {
      const found = parameter(input.Name, input.WithDecryption === true);
      if (found === undefined) throw new AwsError("ParameterNotFound", "");
      return Promise.resolve(jsonAnswer({ Parameter: found }, "application/x-amz-json-1.1"));
    }
    if (operation === "GetParameters" && GetParameters.is(input)) {
      const found = input.Names.flatMap((name) => parameter(name, input.WithDecryption === true) ?? []);
      const missing = input.Names.filter((name) => values[name] === undefined);
      const answer = { Parameters: found, InvalidParameters: missing };
      return Promise.resolve(jsonAnswer(answer, "application/x-amz-json-1.1"));
    }
    throw new AwsError("ValidationException", `${operation} is not one the local platform understands`);
  };
};
