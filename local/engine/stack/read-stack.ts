import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as E from "fp-ts/Either";
import { isArray, isObject, type Json, type JsonObject, parseJson } from "../../json";
import { messageOf, StartError } from "../../start-error";

/** One resource or data source of a stack as it is written: references not yet resolved. */
export type Declaration = {
  /** `aws_sqs_queue.orders`, or `data.aws_caller_identity.me`. */
  readonly address: string;
  /** `aws_sqs_queue`, or `data.aws_caller_identity`. */
  readonly type: string;
  readonly config: JsonObject;
};

/** The local parts of SQS, SNS and S3 know this account and no other. */
const LOCAL_ACCOUNT = "000000000000";

/** Terraform's own meta-arguments; none describes the resource. */
const META = new Set(["//", "depends_on", "provider", "lifecycle", "tags", "tags_all"]);
const UNSUPPORTED_META = ["count", "for_each", "provisioner", "connection"];

const declarationsOf = (section: Json | undefined, prefix: string): ReadonlyArray<Declaration> =>
  Object.entries(isObject(section) ? section : {}).flatMap(([kind, byName]) =>
    Object.entries(isObject(byName) ? byName : {}).map(([name, config]) => {
      const type = `${prefix}${kind}`;
      const address = `${type}.${name}`;
      if (!isObject(config)) throw new StartError(`${address}: expected a block`);
      const unsupported = UNSUPPORTED_META.find((attribute) => attribute in config);
      if (unsupported !== undefined)
        throw new StartError(`${address}: ${unsupported} is an attribute the local platform does not know`);
      return {
        address,
        type,
        config: Object.fromEntries(Object.entries(config).filter(([name]) => !META.has(name))),
      };
    }),
  );

const providerOf = (document: JsonObject): JsonObject => {
  const providers = isObject(document["provider"]) ? document["provider"] : {};
  const other = Object.keys(providers).find((name) => name !== "aws");
  if (other !== undefined) throw new StartError(`provider ${other}: the local platform knows only aws`);
  const aws = providers["aws"];
  const list = aws === undefined ? [] : isArray(aws) ? aws : [aws];
  const [provider] = list;
  if (list.length !== 1 || !isObject(provider)) throw new StartError("provider aws: expected exactly one");
  return provider;
};

/** Reads `cdk.tf.json` of a stack's folder. Throws a StartError that says what is not as it should be. */
export const readStack = (folder: string) => {
  const path = join(folder, "cdk.tf.json");
  const text = E.tryCatch(() => readFileSync(path, "utf8"), messageOf);
  if (E.isLeft(text)) throw new StartError(`${path}: cannot be read: ${text.left}`);
  const document = parseJson(text.right);
  if (!isObject(document)) throw new StartError(`${path}: is not a JSON object`);
  const provider = providerOf(document);
  const region = provider["region"];
  if (typeof region !== "string") throw new StartError("provider aws: region: expected a string");
  const accounts = provider["allowed_account_ids"] ?? [];
  if (isArray(accounts) && accounts.length > 0 && !accounts.includes(LOCAL_ACCOUNT))
    throw new StartError(`provider aws: allowed_account_ids: the local platform is account ${LOCAL_ACCOUNT}`);
  const declarations = [
    ...declarationsOf(document["resource"], ""),
    ...declarationsOf(document["data"], "data."),
  ];
  return {
    /** Paths of files (function bundles) count from here. */
    folder,
    region,
    account: LOCAL_ACCOUNT,
    declarations: new Map(declarations.map((declaration) => [declaration.address, declaration])),
    outputs: new Map(
      Object.entries(isObject(document["output"]) ? document["output"] : {}).map(([name, output]) => [
        name,
        isObject(output) ? (output["value"] ?? null) : null,
      ]),
    ),
  };
};

export type SynthesizedStack = ReturnType<typeof readStack>;
