import type { Environment } from "../../environments/environment";
import { arnsOf, bucketArns, type Grants } from "./names";

/** What `npm run smoke` does in an environment: places an order, asks for results, and looks. */
export const smokeGrants = (environment: Environment): Grants => {
  const { name } = environment;
  const arn = arnsOf(environment);
  const api = arn("execute-api", "*/$default");
  return {
    api: [
      // IAM sees routes, not contents: whoever may place a test order may place another.
      {
        actions: ["execute-api:Invoke"],
        resources: [`${api}/GET/health`, `${api}/POST/orders`, `${api}/GET/orders/*`],
      },
      { actions: ["apigateway:GET"], resources: [arn("apigateway", "/apis")] },
    ],
    resources: [
      { actions: ["dynamodb:GetItem"], resources: [arn("dynamodb", `table/${name}-orders`)] },
      { actions: ["s3:GetObject"], resources: [`${bucketArns(environment)}/orders/*`] },
      { actions: ["sns:ListSubscriptionsByTopic"], resources: [arn("sns", `${name}-orders-notifications`)] },
      {
        actions: ["sqs:GetQueueAttributes", "sqs:GetQueueUrl"],
        resources: [arn("sqs", `${name}-orders`), arn("sqs", `${name}-orders-dlq`)],
      },
      {
        actions: ["states:ListExecutions", "states:StartExecution"],
        resources: [arn("states", `stateMachine:${name}-orders-results`)],
      },
    ],
  };
};
