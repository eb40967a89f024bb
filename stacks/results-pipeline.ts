import type { Environment } from "../environments/environment";
import type { Catcher, Definition, Retrier, State } from "../modules/states-language";

export type ResultsState =
  | "Begin"
  | "FetchResults"
  | "ResultsThere"
  | "WaitedEnough"
  | "WaitForResults"
  | "NoResults"
  | "ArchiveResults"
  | "MorePages"
  | "AnnounceFailure"
  | "Failed"
  | "Done";

type Props = {
  readonly environmentName: string;
  readonly fetchFunctionArn: string;
  readonly archiveFunctionArn: string;
  readonly topicArn: string;
  readonly waiting: Environment["results"];
  readonly taskTimeoutSeconds: number;
};

/** The longest an execution may take; the next one reads on. */
const EXECUTION_SECONDS = 3_600;

/** What a retry may cure: the service's own failures, and what the functions call transient. */
const RETRY: ReadonlyArray<Retrier> = [
  {
    ErrorEquals: [
      "TransientError",
      "Lambda.ServiceException",
      "Lambda.AWSLambdaException",
      "Lambda.SdkClientException",
      "Lambda.TooManyRequestsException",
      "Lambda.Unknown",
      "Sandbox.Timedout",
      "States.Timeout",
    ],
    IntervalSeconds: 1,
    MaxAttempts: 6,
    BackoffRate: 2,
    MaxDelaySeconds: 30,
    JitterStrategy: "FULL",
  },
];

const CATCH: ReadonlyArray<Catcher<ResultsState>> = [
  { ErrorEquals: ["States.ALL"], ResultPath: "$.failure", Next: "AnnounceFailure" },
];

const invoke = (
  functionArn: string,
  payload: Readonly<Record<string, string>>,
  taskTimeoutSeconds: number,
  next: ResultsState,
): State<ResultsState> => ({
  Type: "Task",
  Resource: "arn:aws:states:::lambda:invoke",
  Parameters: { FunctionName: functionArn, Payload: { "execution.$": "$$.Execution.Name", ...payload } },
  OutputPath: "$.Payload",
  TimeoutSeconds: taskTimeoutSeconds,
  Retry: RETRY,
  Catch: CATCH,
  Next: next,
});

/**
 * Reads the auction's results page by page: fetch, archive, until there are no more; waits for the first for
 * a bounded time. Which page comes next is kept in the checkpoints table, not here: an execution that fails
 * is continued by the next.
 */
export const resultsPipeline = (props: Props): Definition<ResultsState> => ({
  Comment: "Fetches auction results, archives accepted orders, announces rejected ones",
  StartAt: "Begin",
  TimeoutSeconds: EXECUTION_SECONDS,
  States: {
    Begin: { Type: "Pass", Result: { waits: 0, pages: 0 }, Next: "FetchResults" },
    FetchResults: invoke(
      props.fetchFunctionArn,
      { "waits.$": "$.waits", "pages.$": "$.pages" },
      props.taskTimeoutSeconds,
      "ResultsThere",
    ),
    ResultsThere: {
      Type: "Choice",
      Choices: [
        { Variable: "$.outcome", StringEquals: "page", Next: "ArchiveResults" },
        { Variable: "$.outcome", StringEquals: "wait", Next: "WaitedEnough" },
      ],
      Default: "Done",
    },
    WaitedEnough: {
      Type: "Choice",
      Choices: [
        { Variable: "$.waits", NumericGreaterThanEquals: props.waiting.max_waits, Next: "NoResults" },
      ],
      Default: "WaitForResults",
    },
    WaitForResults: { Type: "Wait", Seconds: props.waiting.wait_seconds, Next: "FetchResults" },
    NoResults: {
      Comment: "Not a failure: an order that waits too long is reported by the sweep",
      Type: "Succeed",
    },
    ArchiveResults: invoke(
      props.archiveFunctionArn,
      { "waits.$": "$.waits", "pages.$": "$.pages", "page.$": "$.page" },
      props.taskTimeoutSeconds,
      "MorePages",
    ),
    MorePages: {
      Type: "Choice",
      Choices: [{ Variable: "$.outcome", StringEquals: "more", Next: "FetchResults" }],
      Default: "Done",
    },
    AnnounceFailure: {
      Type: "Task",
      Resource: "arn:aws:states:::sns:publish",
      Parameters: {
        TopicArn: props.topicArn,
        Message: {
          kind: "pipeline-failed",
          environment: props.environmentName,
          "execution.$": "$$.Execution.Name",
          "error.$": "$.failure.Error",
          "cause.$": "$.failure.Cause",
        },
        MessageAttributes: { kind: { DataType: "String", StringValue: "pipeline-failed" } },
      },
      TimeoutSeconds: props.taskTimeoutSeconds,
      Retry: [
        {
          ErrorEquals: ["States.ALL"],
          IntervalSeconds: 2,
          MaxAttempts: 5,
          BackoffRate: 2,
          MaxDelaySeconds: 60,
          JitterStrategy: "FULL",
        },
      ],
      Next: "Failed",
    },
    Failed: {
      Type: "Fail",
      Error: "ResultsFailed",
      Cause:
        "A task failed for good; its error was announced, and the next execution goes on from the same page",
    },
    Done: { Type: "Succeed" },
  },
});
