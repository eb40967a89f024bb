import type { Kind, SystemNode } from "../shapes";
import { type Declared, type Resource, textOf } from "./declared";
import { grantsOf } from "./grants";

type Shown = {
  readonly kind: Kind;
  /** The attribute that holds its name. */
  readonly name: string;
  readonly settings: ReadonlyArray<readonly [attribute: string, label: string, unit?: string]>;
};

/** The resources of the map. What else is declared (roles, policies, logs, alarms) belongs to one of these. */
const SHOWN: Readonly<Record<string, Shown>> = {
  aws_apigatewayv2_api: { kind: "api", name: "name", settings: [["protocol_type", "protocol"]] },
  aws_lambda_function: {
    kind: "function",
    name: "function_name",
    settings: [
      ["runtime", "runtime"],
      ["memory_size", "memory", "MB"],
      ["timeout", "time limit", "s"],
      ["reserved_concurrent_executions", "at once at most"],
    ],
  },
  aws_sqs_queue: {
    kind: "queue",
    name: "name",
    settings: [
      ["visibility_timeout_seconds", "hidden after a receive", "s"],
      ["message_retention_seconds", "kept", "s"],
      ["receive_wait_time_seconds", "long poll", "s"],
    ],
  },
  aws_sns_topic: { kind: "topic", name: "name", settings: [] },
  aws_dynamodb_table: {
    kind: "table",
    name: "name",
    settings: [
      ["hash_key", "key"],
      ["billing_mode", "billing"],
      ["deletion_protection_enabled", "protected from deletion"],
    ],
  },
  aws_s3_bucket: { kind: "bucket", name: "bucket", settings: [] },
  aws_sfn_state_machine: { kind: "machine", name: "name", settings: [["type", "type"]] },
  aws_scheduler_schedule: {
    kind: "schedule",
    name: "name",
    settings: [
      ["schedule_expression", "when"],
      ["schedule_expression_timezone", "time zone"],
      ["state", "state"],
    ],
  },
};

export const nameOf = (resource: Resource): string =>
  textOf(resource, SHOWN[resource.type]?.name ?? "name") ?? resource.address;

const isPlain = (value: unknown): value is string | number | boolean =>
  ["string", "number", "boolean"].includes(typeof value);

export const nodesOf = (declared: Declared): ReadonlyArray<SystemNode> =>
  declared.resources.flatMap((resource) => {
    const shown = SHOWN[resource.type];
    if (shown === undefined) return [];
    return {
      id: resource.address,
      kind: shown.kind,
      name: nameOf(resource),
      settings: shown.settings.flatMap(([attribute, label, unit]) => {
        const value = resource.config[attribute];
        return isPlain(value)
          ? [[label, [value, unit].filter((one) => one !== undefined).join(" ")] as const]
          : [];
      }),
      grants: grantsOf(declared, resource),
    };
  });
