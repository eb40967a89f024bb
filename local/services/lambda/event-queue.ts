/** Lambda's own queue in front of a function: what topics and schedules hand it waits there. */
import { arn, type Location } from "../../engine/location";
import type { DeclaredStack } from "../catalog";
import { OWN_QUEUES } from "../sqs/queues";
import { resources } from "./resources";

export const eventQueueName = (functionName: string): string => `${OWN_QUEUES}${functionName}`.slice(0, 80);

export const eventQueueArn = (location: Location, functionName: string): string =>
  arn("sqs", location, eventQueueName(functionName));

/** Where a topic delivers what it has for a subscriber: a function's own queue, or the queue that subscribed. */
export const deliveryArn = (stack: DeclaredStack, location: Location, endpoint: string): string => {
  const target = stack(resources.aws_lambda_function).find(({ attribute }) => attribute("arn") === endpoint);
  return target === undefined ? endpoint : eventQueueArn(location, target.config.function_name);
};
