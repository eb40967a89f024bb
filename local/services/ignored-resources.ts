import { isObject, type JsonObject } from "../json";
import { FILES, identifier, type Deployment } from "../engine/stack/resource-type";
import { arn } from "../engine/location";

/** Resource types that are declared for the cloud and knowingly do nothing here, each with the reason. */
export const declaredOnly: Readonly<Record<string, string>> = {
  aws_budgets_budget: "nothing costs anything locally",
  aws_cloudwatch_log_group: "logs are files in the data folder",
  aws_cloudwatch_log_resource_policy: "logs are files in the data folder",
  aws_cloudwatch_log_metric_filter: "metrics of functions are those that their logs embed",
  aws_cloudwatch_dashboard: "metrics are not shown locally",
  aws_cloudwatch_query_definition: "logs are files in the data folder",
  aws_kms_alias: FILES,
  aws_s3_bucket_lifecycle_configuration: "nothing is deleted locally but by --fresh",
  aws_s3_bucket_logging: "writes are printed as they happen",
  aws_s3_bucket_object_lock_configuration: "nothing is deleted locally but by --fresh",
  aws_s3_bucket_ownership_controls: "there is one account locally",
  aws_s3_bucket_public_access_block: "the endpoint listens on loopback",
  aws_s3_bucket_versioning: "the local bucket keeps the last version of an object",
  aws_sqs_queue_redrive_allow_policy: "messages move only as a redrive policy says",
};

/** What others refer to: a log group's or an alarm's ARN in a policy or in another resource's settings. */
export const declaredOnlyAttributes = (
  type: string,
  address: string,
  config: JsonObject,
  deployment: Deployment,
): JsonObject => {
  const name = config["name"] ?? config["alarm_name"] ?? config["bucket"] ?? identifier(address);
  if (typeof name !== "string" || isObject(name)) return {};
  const service = type === "aws_cloudwatch_log_group" ? "logs" : "cloudwatch";
  const kind = type === "aws_cloudwatch_log_group" ? "log-group" : "alarm";
  return { id: name, name, arn: arn(service, deployment, `${kind}:${name}`) };
};
