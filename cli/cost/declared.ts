/** What the model reads of a synthesized stack: what is declared there is not typed again here. */
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as t from "io-ts";
import { inJson } from "../../functions/contract";
import { areCounted, Limits } from "../../functions/domain/limits";
import { IN_FLIGHT } from "../../functions/tables";
import { faultLines } from "../../lib/faults";

const named = <C extends t.Mixed>(codec: C) => t.record(t.string, codec);

const Function = t.intersection([
  t.type({ function_name: t.string, memory_size: t.number, timeout: t.number }),
  t.partial({
    reserved_concurrent_executions: t.number,
    environment: t.type({ variables: named(t.string) }),
    tracing_config: t.type({ mode: t.string }),
  }),
]);

const Index = t.type({ name: t.string, hash_key: t.string, projection_type: t.string });

const QueueMapping = t.type({
  batch_size: t.number,
  scaling_config: t.type({ maximum_concurrency: t.number }),
});
const StreamMapping = t.type({ batch_size: t.number, starting_position: t.string });

const Resources = t.intersection([
  t.type({
    aws_lambda_function: named(Function),
    aws_lambda_event_source_mapping: named(t.union([QueueMapping, StreamMapping])),
    aws_sns_topic_subscription: named(t.type({ protocol: t.string })),
    aws_dynamodb_table: named(
      t.intersection([
        t.type({ name: t.string, point_in_time_recovery: t.type({ enabled: t.boolean }) }),
        t.partial({ global_secondary_index: t.readonlyArray(Index) }),
      ]),
    ),
    aws_apigatewayv2_stage: named(
      t.type({
        default_route_settings: t.type({
          throttling_rate_limit: t.number,
          throttling_burst_limit: t.number,
        }),
      }),
    ),
    aws_scheduler_schedule: named(
      t.type({ schedule_expression: t.string, schedule_expression_timezone: t.string, state: t.string }),
    ),
    aws_sfn_state_machine: named(t.type({ definition: t.string })),
    aws_s3_bucket_lifecycle_configuration: named(
      t.type({ rule: t.readonlyArray(t.type({ expiration: t.readonlyArray(t.type({ days: t.number })) })) }),
    ),
    aws_cloudwatch_log_group: named(t.type({ name: t.string, retention_in_days: t.number })),
    aws_cloudwatch_metric_alarm: named(t.partial({ metric_query: t.readonlyArray(t.UnknownRecord) })),
    aws_kms_key: named(t.UnknownRecord),
  }),
  t.partial({ aws_budgets_budget: named(t.type({ limit_amount: t.string })) }),
]);
const Stack = t.type({ resource: Resources });
type Resources = t.TypeOf<typeof Resources>;

/** The one resource of its type that fits. */
const one = <A>(resources: Readonly<Record<string, A>>, fits: (name: string, one: A) => boolean): A => {
  const [found] = Object.entries(resources).filter(([name, resource]) => fits(name, resource));
  if (found === undefined) throw new Error("the stack lacks a resource that the cost model reads");
  return found[1];
};

const anyOne = (): boolean => true;

const limitsDays = (variable: unknown): boolean =>
  pipe(
    inJson(Limits).decode(variable),
    E.match(
      () => false,
      ({ products, default: others = {} }) => [...products, others].some(areCounted),
    ),
  );

/** Who is told of the changes of orders, where the environment tells of them. */
const changesIn = (resource: Resources) => {
  const [follower] = Object.values(resource.aws_lambda_event_source_mapping).filter(StreamMapping.is);
  return follower === undefined
    ? undefined
    : {
        batchSize: follower.batch_size,
        queues: Object.values(resource.aws_sns_topic_subscription).filter(
          ({ protocol }) => protocol === "sqs",
        ).length,
      };
};

const read = (resource: Resources) => {
  const lambda = (name: string) =>
    one(resource.aws_lambda_function, (_, { function_name }) => function_name.endsWith(`-${name}`));
  const setting = (name: string, variable: string): number =>
    Number(lambda(name).environment?.variables[variable]);
  const [mapping] = Object.values(resource.aws_lambda_event_source_mapping).filter(QueueMapping.is);
  if (mapping === undefined) throw new Error("the stack lacks the queue that the cost model reads");
  const tables = resource.aws_dynamodb_table;
  const orders = one(tables, (_, { global_secondary_index: indexes = [] }) =>
    indexes.some(({ name }) => name === IN_FLIGHT.name),
  );
  const stage = one(resource.aws_apigatewayv2_stage, (name) => name === "api_stage");
  return {
    functions: Object.values(resource.aws_lambda_function).map((of) => ({
      name: of.function_name.replace(/^[^-]+-/, ""),
      memoryMb: of.memory_size,
      timeoutSeconds: of.timeout,
      reserved: of.reserved_concurrent_executions,
    })),
    indexes: orders.global_secondary_index ?? [],
    recovery: orders.point_in_time_recovery.enabled,
    batchSize: mapping.batch_size,
    submissionsAtOnce: mapping.scaling_config.maximum_concurrency,
    ordersPerCall: setting("submit-orders", "ORDERS_PER_CALL"),
    pageLimit: setting("fetch-results", "PAGE_LIMIT"),
    ordersDays: setting("archive-results", "RETENTION_DAYS"),
    throttling: {
      rate: stage.default_route_settings.throttling_rate_limit,
      burst: stage.default_route_settings.throttling_burst_limit,
    },
    schedules: {
      results: one(resource.aws_scheduler_schedule, (name) => name.startsWith("results")),
      sweep: one(resource.aws_scheduler_schedule, (name) => name.startsWith("sweep")),
    },
    archiveDays:
      one(resource.aws_s3_bucket_lifecycle_configuration, anyOne).rule[0]?.expiration[0]?.days ?? 0,
    /** The most pages that one execution reads. */
    pagesAtMost: Number(
      /"\$\.pages","NumericGreaterThanEquals":(\d+)/.exec(
        one(resource.aws_sfn_state_machine, anyOne).definition,
      )?.[1],
    ),
    /** Whether orders of some product are summed up by the day. */
    limitsDays: limitsDays(lambda("place-orders").environment?.variables["LIMITS"]),
    logsDays: one(resource.aws_cloudwatch_log_group, anyOne).retention_in_days,
    alarmMetrics: Object.values(resource.aws_cloudwatch_metric_alarm).reduce(
      (sum, { metric_query: queries = [{}] }) =>
        sum + queries.filter((query) => !("expression" in query)).length,
      0,
    ),
    keys: Object.keys(resource.aws_kms_key).length,
    changes: changesIn(resource),
    /** US dollars a month. */
    budget: Object.values(resource.aws_budgets_budget ?? {}).map(({ limit_amount }) =>
      Number(limit_amount),
    )[0],
  };
};

export type Declared = ReturnType<typeof read>;

/** @param json `cdk.tf.json` of an environment's stack */
export const readDeclared = (json: unknown): E.Either<string, Declared> =>
  pipe(
    Stack.decode(json),
    E.mapLeft(faultLines),
    E.map(({ resource }) => read(resource)),
  );
