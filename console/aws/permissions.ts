/** What whoever looks at an environment needs to be allowed: the actions of `READS`, on the environment's resources. */
import type { Action } from "./reads";

/** An environment, and where it is. */
export type Place = { readonly name: string; readonly region: string; readonly account_id: string };

export type Permission = {
  readonly actions: readonly [Action, ...Action[]];
  readonly resources: readonly [string, ...string[]];
};

export const permissionsIn = ({
  name,
  region,
  account_id,
}: Place): readonly [Permission, ...Permission[]] => {
  const arn = (service: string, resource: string) => `arn:aws:${service}:${region}:${account_id}:${resource}`;
  const orders = arn("dynamodb", `table/${name}-orders`);
  return [
    { actions: ["dynamodb:Query"], resources: [`${orders}/index/*`] },
    { actions: ["dynamodb:GetItem"], resources: [orders, `${orders}-checkpoints`] },
    { actions: ["dynamodb:BatchGetItem"], resources: [orders] },
    { actions: ["sqs:GetQueueAttributes", "sqs:GetQueueUrl"], resources: [arn("sqs", `${name}-*`)] },
    { actions: ["states:ListExecutions"], resources: [arn("states", `stateMachine:${name}-*`)] },
    {
      actions: ["states:DescribeExecution", "states:GetExecutionHistory"],
      resources: [arn("states", `execution:${name}-*`)],
    },
    // A metric is no resource.
    { actions: ["cloudwatch:GetMetricStatistics"], resources: ["*"] },
    { actions: ["logs:FilterLogEvents"], resources: [arn("logs", `log-group:/aws/lambda/${name}-*`)] },
    { actions: ["s3:GetObject"], resources: [`arn:aws:s3:::${name}-orders-archive-${account_id}/orders/*`] },
  ];
};

/** Where an action has to be allowed, for people to read. */
export const placesOf = (place: Place, action: Action): string =>
  permissionsIn(place)
    .filter(({ actions }) => actions.includes(action))
    .flatMap(({ resources }) => resources)
    .join(" and ");
