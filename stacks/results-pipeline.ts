import type { Environment } from "../environments/environment";
import type { Catcher, Definition, Retrier, State, Task } from "../modules/states-language";

export type ResultsState =
  | "IsReplay"
  | "Replay"
  | "Begin"
  | "FetchResults"
  | "ResultsThere"
  | "WaitedEnough"
  | "WaitForResults"
  | "NoResults"
  | "ArchiveResults"
  | "MorePages"
  | "ReleaseRest"
  | "ReleaseResults"
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
/** The most pages that one reads: a page takes 14 events of its history, which AWS ends at 25,000, and retries more. */
const MOST_PAGES = 500;

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
  { ErrorEquals: ["States.ALL"], ResultPath: "$.failure", Next: "ReleaseResults" },
];

type Invocation = Pick<Task<ResultsState>, "Resource" | "Parameters" | "TimeoutSeconds" | "Retry">;

const invocation = (
  functionArn: string,
  payload: Readonly<Record<string, unknown>>,
  taskTimeoutSeconds: number,
): Invocation & { readonly Type: "Task" } => ({
  Type: "Task",
  Resource: "arn:aws:states:::lambda:invoke",
  Parameters: { FunctionName: functionArn, Payload: { "execution.$": "$$.Execution.Name", ...payload } },
  TimeoutSeconds: taskTimeoutSeconds,
  Retry: RETRY,
});

const invoke = (
  functionArn: string,
  payload: Readonly<Record<string, string>>,
  taskTimeoutSeconds: number,
  next: ResultsState,
): State<ResultsState> => ({
  ...invocation(functionArn, payload, taskTimeoutSeconds),
  OutputPath: "$.Payload",
  Catch: CATCH,
  Next: next,
});

const release = ({ fetchFunctionArn, taskTimeoutSeconds }: Props) =>
  ({ ...invocation(fetchFunctionArn, { release: true }, taskTimeoutSeconds), ResultPath: null }) as const;

/**
 * Reads the auction's results page by page: fetch, archive, until there are no more; waits for the first for
 * a bounded time. Which page comes next is kept in the checkpoints table, not here: an execution that fails
 * is continued by the next. An execution that is started with `{"replay": KEY}` archives that one page again.
 */
export const resultsPipeline = (props: Props): Definition<ResultsState> => ({
  Comment: "Fetches auction results, archives accepted orders, announces rejected ones",
  StartAt: "IsReplay",
  TimeoutSeconds: EXECUTION_SECONDS,
  States: {
    IsReplay: {
      Type: "Choice",
      Choices: [{ Variable: "$.replay", IsPresent: true, Next: "Replay" }],
      Default: "Begin",
    },
    Replay: {
      Type: "Pass",
      Parameters: { waits: 0, pages: 0, page: { "key.$": "$.replay" } },
      Next: "ArchiveResults",
    },
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
      Choices: [
        {
          And: [
            { Variable: "$.outcome", StringEquals: "more" },
            { Variable: "$.pages", NumericGreaterThanEquals: MOST_PAGES },
          ],
          Next: "ReleaseRest",
        },
        { Variable: "$.outcome", StringEquals: "more", Next: "FetchResults" },
      ],
      Default: "Done",
    },
    ReleaseRest: {
      Comment: "The next execution reads on, at once or when the lease ends by itself",
      ...release(props),
      Next: "Done",
      Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: null, Next: "Done" }],
    },
    ReleaseResults: {
      Comment: "Whoever reads the results next need not wait until the lease ends by itself",
      ...release(props),
      Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: null, Next: "AnnounceFailure" }],
      Next: "AnnounceFailure",
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
      // The failure goes on, and ends the execution.
      ResultPath: null,
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
      Comment:
        "A task failed for good; its error was announced, and the next execution goes on from the same page",
      Type: "Fail",
      ErrorPath: "$.failure.Error",
      CausePath: "$.failure.Cause",
    },
    Done: { Type: "Succeed" },
  },
});
