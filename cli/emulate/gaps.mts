import { randomUUID } from "node:crypto";
import validate from "asl-validator";
import { Budgets } from "./budgets.mts";
import type { Call, Json } from "./call.mts";

/**
 * What moto lacks of the AWS API, filled with what AWS would do. The provider retries a call that is not
 * implemented for minutes, and a plan after apply is not empty where an attribute is forgotten.
 *
 * | gap | filled with |
 * | --- | --- |
 * | Step Functions `ValidateStateMachineDefinition` | a real validator of the States Language |
 * | Step Functions takes any definition for a state machine | one that is invalid is refused |
 * | Step Functions `ListStateMachineVersions` | none: none are published |
 * | SQS `RedriveAllowPolicy`: refused when read, and setting it drops the queue's policy | kept here |
 * | SQS `RedrivePolicy`: given back with other white space than it was set with | the white space taken out |
 * | API Gateway `UpdateStage`, and a stage's tags once it is made | kept here |
 * | Lambda `LoggingConfig`: forgotten | kept here |
 * | Lambda `GetAccountSettings` | the limit of 1,000 that an account has which asked for it |
 * | Logs `PutQueryDefinition`, `DescribeQueryDefinitions`, `DeleteQueryDefinition` | kept here |
 * | Budgets `UpdateBudget`, `DescribeSubscribersForNotification`, a budget's tags | kept in budgets.mts |
 * | S3 bucket policies: conditions are not read, so denying what comes without TLS denies everything | kept here |
 */

const validation = (definition: string): Json => {
  const { isValid, errorsText } = validate(JSON.parse(definition), {
    checkPaths: true,
    checkArn: true,
  });
  const diagnostics = [
    { severity: "ERROR", code: "SCHEMA_VALIDATION_FAILED", message: isValid ? "" : errorsText("; ") },
  ];
  return { result: isValid ? "OK" : "FAIL", diagnostics: isValid ? [] : diagnostics, truncated: false };
};

/** The validator compiles all its schemas each time, and Terraform asks of a definition at each plan and write. */
const validations = new Map<string, Json>();
const validateDefinition = (definition: unknown): Json => {
  const text = String(definition);
  const told = validations.get(text) ?? validation(text);
  validations.set(text, told);
  return told;
};

const REDRIVE_ALLOW = "RedriveAllowPolicy";
const LAMBDA_FUNCTIONS = /^\/2015-03-31\/functions\/?$/;
const LAMBDA_FUNCTION = /^\/2015-03-31\/functions\/([^/]+)(\/configuration)?\/?$/;

const STAGE = /^\/v2\/apis\/[^/]+\/stages\/[^/]+$/;
/** The path of the stage whose tags a path names, by an ARN. */
const taggedStage = (path: string): string | undefined => {
  const [, arn = ""] = /^\/v2\/tags\/(.+)$/.exec(path) ?? [];
  const [, api, stage] = /::(\/apis\/[^/]+)\/stages\/(.+)$/.exec(decodeURIComponent(arn)) ?? [];
  return stage === undefined ? undefined : `/v2${api ?? ""}/stages/${encodeURIComponent(stage)}`;
};
const ACCOUNT_SETTINGS = /^\/2016-08-19\/account-settings\/?$/;

const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

const compact = (json: string): string => JSON.stringify(JSON.parse(json));

const isMachineWrite = (operation: string): boolean => /^(Create|Update)StateMachine$/.test(operation);

/** What one stand-in remembers in moto's place. */
export class Gaps {
  private readonly redriveAllow = new Map<string, string>();
  /** Moto drops a queue's policy whenever another of its attributes is set. */
  private readonly queuePolicies = new Map<string, string>();
  private readonly logging = new Map<string, unknown>();
  private readonly bucketPolicies = new Map<string, Json>();
  private readonly stages = new Map<string, Json>();
  /** What changed of a stage's tags; undefined for one that was taken away. */
  private readonly stageTags = new Map<string, Json>();
  private readonly queries = new Map<string, Json>();
  private readonly budgets = new Budgets();

  /** What AWS would refuse and moto takes: the error's code and message. */
  refusal({ operation, body }: Call): Json | undefined {
    if (!isMachineWrite(operation) || body["definition"] === undefined) return undefined;
    const { result, diagnostics } = validateDefinition(body["definition"]);
    return result === "OK"
      ? undefined
      : {
          __type: "InvalidDefinition",
          message: `Invalid State Machine Definition: ${JSON.stringify(diagnostics)}`,
        };
  }

  /** The answer to a call that moto must not see; undefined where it may. */
  answer(call: Call): Json | undefined {
    const { operation, body } = call;
    if (operation === "" && call.query.has("policy")) return this.bucketPolicy(call);
    if (call.method === "PATCH" && STAGE.test(call.path)) {
      this.stages.set(call.path, { ...this.stages.get(call.path), ...body });
      return body;
    }
    const tagged = taggedStage(call.path);
    if (tagged !== undefined) return this.tagStage(tagged, call);
    if (call.method === "DELETE") {
      this.stages.delete(call.path);
      this.stageTags.delete(call.path);
    }
    if (ACCOUNT_SETTINGS.test(call.path))
      return { AccountLimit: { ConcurrentExecutions: 1_000, UnreservedConcurrentExecutions: 1_000 } };
    const ofBudget = this.budgets.answer(call);
    if (ofBudget !== undefined) return ofBudget;
    const url = String(body["QueueUrl"]);
    switch (operation) {
      case "ValidateStateMachineDefinition":
        return validateDefinition(body["definition"]);
      case "ListStateMachineVersions":
        return { stateMachineVersions: [] };
      case "PutQueryDefinition": {
        const queryDefinitionId = textOf(body["queryDefinitionId"]) ?? randomUUID();
        this.queries.set(queryDefinitionId, { ...body, queryDefinitionId });
        return { queryDefinitionId };
      }
      case "DescribeQueryDefinitions":
        return {
          queryDefinitions: [...this.queries.values()].filter(({ name }) =>
            textOf(name)?.startsWith(textOf(body["queryDefinitionNamePrefix"]) ?? ""),
          ),
        };
      case "DeleteQueryDefinition":
        return { success: this.queries.delete(String(body["queryDefinitionId"])) };
      case "SetQueueAttributes": {
        const { [REDRIVE_ALLOW]: allowed, Policy: policy } = (body["Attributes"] ?? {}) as Record<
          string,
          string | undefined
        >;
        if (policy !== undefined) this.queuePolicies.set(url, policy);
        if (allowed === undefined) return undefined;
        this.redriveAllow.set(url, allowed);
        return {};
      }
      case "GetQueueAttributes": {
        if (String(body["AttributeNames"]) !== REDRIVE_ALLOW) return undefined;
        const kept = this.redriveAllow.get(url);
        return kept === undefined || kept === "" ? {} : { Attributes: { [REDRIVE_ALLOW]: kept } };
      }
      case "DeleteQueue":
        this.redriveAllow.delete(url);
        this.queuePolicies.delete(url);
        return undefined;
      default:
        return undefined;
    }
  }

  private tagStage(stage: string, { method, query, body }: Call): Json {
    const changed =
      method === "DELETE"
        ? Object.fromEntries(query.getAll("tagKeys").map((key) => [key, undefined]))
        : (body["tags"] as Json);
    this.stageTags.set(stage, { ...this.stageTags.get(stage), ...changed });
    return {};
  }

  /** A policy is answered as it was set; moto itself says of a bucket that has none so. */
  private bucketPolicy({ method, path, body }: Call): Json | undefined {
    const bucket = path.replaceAll("/", "");
    const kept = this.bucketPolicies.get(bucket);
    switch (method) {
      case "PUT":
        this.bucketPolicies.set(bucket, body);
        return {};
      case "DELETE":
        this.bucketPolicies.delete(bucket);
        return undefined;
      default:
        return kept;
    }
  }

  /** Moto's answer to a call, with what it forgot. */
  complete(call: Call, answer: Json): Json {
    if (call.operation === "GetQueueAttributes") return this.completeQueue(call, answer);
    if (call.operation === "DescribeBudget") return this.budgets.complete(call, answer);
    if (STAGE.test(call.path)) {
      const tags = { ...(answer["tags"] as Json | undefined), ...this.stageTags.get(call.path) };
      return { ...answer, ...this.stages.get(call.path), tags };
    }
    if (call.method !== "GET" && "LoggingConfig" in call.body) {
      const name = LAMBDA_FUNCTIONS.test(call.path)
        ? call.body["FunctionName"]
        : LAMBDA_FUNCTION.exec(call.path)?.[1];
      this.logging.set(String(name), call.body["LoggingConfig"]);
    }
    const name = LAMBDA_FUNCTION.exec(call.path)?.[1];
    const kept = this.logging.get(decodeURIComponent(name ?? ""));
    if (kept === undefined) return answer;
    const configuration = answer["Configuration"] as Json | undefined;
    return configuration === undefined
      ? { ...answer, LoggingConfig: kept }
      : { ...answer, Configuration: { ...configuration, LoggingConfig: kept } };
  }

  private completeQueue({ body }: Call, answer: Json): Json {
    const attributes = (answer["Attributes"] ?? {}) as Record<string, string>;
    const { RedrivePolicy: redrive } = attributes;
    const url = String(body["QueueUrl"]);
    const allowed = this.redriveAllow.get(url);
    const policy = this.queuePolicies.get(url);
    return {
      ...answer,
      Attributes: {
        ...attributes,
        ...(redrive === undefined || redrive === "" ? {} : { RedrivePolicy: compact(redrive) }),
        ...(policy === undefined || policy === "" ? {} : { Policy: policy }),
        ...(allowed === undefined || allowed === "" ? {} : { [REDRIVE_ALLOW]: allowed }),
      },
    };
  }
}
