/**
 * Everything the console may ask of AWS: by service, the operations it calls and the action that each needs to be
 * allowed. A client refuses any other operation, so that no page can change anything.
 */
export const READS = {
  dynamodb: { Query: "dynamodb:Query", GetItem: "dynamodb:GetItem", BatchGetItem: "dynamodb:BatchGetItem" },
  sqs: { GetQueueUrl: "sqs:GetQueueUrl", GetQueueAttributes: "sqs:GetQueueAttributes" },
  states: {
    ListExecutions: "states:ListExecutions",
    DescribeExecution: "states:DescribeExecution",
    GetExecutionHistory: "states:GetExecutionHistory",
  },
  cloudwatch: { GetMetricStatistics: "cloudwatch:GetMetricStatistics" },
  logs: { FilterLogEvents: "logs:FilterLogEvents" },
  s3: { GetObject: "s3:GetObject" },
} as const satisfies Readonly<Record<string, Readonly<Record<string, string>>>>;

export type Service = keyof typeof READS;

/** What the one who looks needs to be allowed. */
export type Action = { [S in Service]: (typeof READS)[S][keyof (typeof READS)[S]] }[Service];

export class NotARead extends Error {
  constructor(service: string, operation: string) {
    super(`${service} ${operation} is not among the operations of the console, which only reads`);
  }
}

/**
 * The action that an operation needs.
 *
 * @throws NotARead for an operation that is not on the list
 */
export const actionOf = (service: Service, operation: string): Action => {
  const actions: Readonly<Record<string, Action>> = READS[service];
  const action = Object.hasOwn(actions, operation) ? actions[operation] : undefined;
  if (action === undefined) throw new NotARead(service, operation);
  return action;
};
