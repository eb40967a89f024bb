import * as t from "io-ts";
import { entry, FILES, identifier, METADATA, TRACING } from "../../engine/stack/resource-type";
import { block, flag, number, one, oneOf } from "../../engine/stack/block";
import { arn } from "../../engine/location";
import { FUNCTION_NAME } from "./limits";

const destination = one(block({ destination: t.string }, {}));

/** Functions and what invokes them. */
export const resources = {
  aws_lambda_function: entry(
    block(
      {
        function_name: FUNCTION_NAME,
        role: t.string,
        handler: t.string,
        filename: t.string,
        runtime: oneOf("nodejs22.x"),
      },
      {
        timeout: number,
        memory_size: number,
        reserved_concurrent_executions: number,
        environment: one(block({ variables: t.record(t.string, t.string) }, {})),
        dead_letter_config: one(block({ target_arn: t.string }, {})),
        package_type: oneOf("Zip"),
        source_code_hash: t.string,
      },
    ),
    {
      architectures: "JavaScript runs on this machine's processor",
      description: METADATA,
      ephemeral_storage: "/tmp is this machine's",
      tracing_config: TRACING,
      logging_config: "logs are files in the data folder, complete",
      publish: "there is one version",
      kms_key_arn: FILES,
    },
    ({ config }, deployment) => {
      const own = arn("lambda", deployment, `function:${config.function_name}`);
      return {
        id: config.function_name,
        arn: own,
        qualified_arn: `${own}:$LATEST`,
        version: "$LATEST",
        invoke_arn: `arn:aws:apigateway:${deployment.region}:lambda:path/2015-03-31/functions/${own}/invocations`,
      };
    },
  ),
  aws_lambda_event_source_mapping: entry(
    block(
      { event_source_arn: t.string, function_name: t.string },
      {
        batch_size: number,
        maximum_batching_window_in_seconds: number,
        enabled: flag,
        function_response_types: t.readonlyArray(oneOf("ReportBatchItemFailures")),
        scaling_config: one(block({ maximum_concurrency: number }, {})),
        // Of streams.
        starting_position: oneOf("TRIM_HORIZON", "LATEST"),
        bisect_batch_on_function_error: flag,
        maximum_retry_attempts: number,
        maximum_record_age_in_seconds: number,
        parallelization_factor: number,
        destination_config: one(block({}, { on_failure: one(block({ destination_arn: t.string }, {})) })),
      },
    ),
    { metrics_config: "no metrics are collected locally" },
    ({ address }) => ({ id: identifier(address), uuid: identifier(address) }),
  ),
  aws_lambda_function_event_invoke_config: entry(
    block(
      { function_name: t.string },
      {
        maximum_retry_attempts: number,
        maximum_event_age_in_seconds: number,
        destination_config: one(block({}, { on_failure: destination, on_success: destination })),
      },
    ),
    { qualifier: "there is one version" },
  ),
  aws_lambda_permission: entry(
    block(
      { action: t.string, function_name: t.string, principal: t.string },
      { source_arn: t.string, source_account: t.string, statement_id: t.string },
    ),
  ),
};
