import type { StartContext } from "../service";
import { tableOfStream } from "../dynamodb/streams/stream-arn";
import { resources as tableResources } from "../dynamodb/resources";
import type { Consumer } from "../sqs/consumer";
import { resources as queueResources } from "../sqs/resources";
import { StartError } from "../../start-error";
import type { Functions } from "./functions";
import { streamPositions } from "./positions";
import { startQueueSource } from "./queue-sources";
import { resources } from "./resources";
import { startStreamSource } from "./stream-sources";

/** Feeds functions from queues and from streams of tables as declared. */
export const startEventSources = (context: StartContext, functions: Functions): ReadonlyArray<Consumer> => {
  const { stack, data } = context;
  const positions = streamPositions(data.streamPositions);
  const streams = stack(tableResources.aws_dynamodb_table).flatMap(({ config, attribute }) =>
    config.stream_enabled === true ? [attribute("stream_arn")] : [],
  );
  return stack(resources.aws_lambda_event_source_mapping)
    .filter(({ config }) => config.enabled !== false)
    .map((mapping) => {
      const { address, config } = mapping;
      const target = functions.find(config.function_name);
      const arn = config.event_source_arn;
      if (target === undefined)
        throw new StartError(`${address}: function_name: is no function of this stack`);
      if (tableOfStream(arn) !== undefined) {
        if (!streams.includes(arn))
          throw new StartError(`${address}: event_source_arn: is no stream of a table of this stack`);
        return startStreamSource(mapping, target, positions, context);
      }
      const queue = stack(queueResources.aws_sqs_queue).find(({ attribute }) => attribute("arn") === arn);
      if (queue === undefined)
        throw new StartError(`${address}: event_source_arn: is no queue of this stack`);
      return startQueueSource(mapping, target, queue.config.visibility_timeout_seconds, context);
    });
};
