import { LambdaEventSourceMapping } from "@cdktf/provider-aws/lib/lambda-event-source-mapping";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { LambdaFunctionEventInvokeConfig } from "@cdktf/provider-aws/lib/lambda-function-event-invoke-config";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission";
import { dependable, Fn } from "cdktf";
import { Construct } from "constructs";
import { Attachment } from "./attachment";
import { LogGroup } from "./log-group";
import { LAMBDA } from "./policy";
import type { FailureQueue, Queue } from "./queue";
import { type Grantee, Role, TRACING } from "./role";
import type { Table } from "./table";

export type FunctionProps = {
  /** At most 64 characters; the role has the same name. */
  readonly name: string;
  readonly accountId: string;
  /** The zip with `index.js`, which exports `handler`. */
  readonly bundle: string;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  /** Reserved concurrency, which is also its limit; none: what the account has left. */
  readonly concurrency?: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly logRetentionDays: number;
};

/** How a function is given a queue's messages. */
export type Consumption = {
  readonly batchSize: number;
  /** How long Lambda gathers a batch; AWS asks for a second at least where it is of more than ten messages. */
  readonly windowSeconds: number;
  readonly maxConcurrency: number;
};

/** A Node.js function on arm64 with its own role and log group, traced, logging JSON. */
export class Function extends Construct implements Grantee {
  readonly arn: string;
  readonly name: string;
  readonly role: Role;
  readonly timeoutSeconds: number;
  private readonly lambda: LambdaFunction;

  constructor(scope: Construct, id: string, props: FunctionProps) {
    super(scope, id);
    const { name, accountId, bundle, concurrency, environment, logRetentionDays } = props;
    this.role = new Role(this, "role", { name, service: LAMBDA, accountId });
    this.timeoutSeconds = props.timeoutSeconds;
    const logs = new LogGroup(this, "logs", { name: `/aws/lambda/${name}`, retentionDays: logRetentionDays });
    this.role.grant("logs", {
      actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
      resources: [`${logs.arn}:*`],
    });
    this.role.grant("tracing", TRACING);
    // A file, not an archive: cdktf's own archives change with the times of the files in them.
    const code = new Attachment(this, "code", bundle);
    const lambda = new LambdaFunction(this, "this", {
      functionName: name,
      role: this.role.arn,
      runtime: "nodejs22.x",
      architectures: ["arm64"],
      handler: "index.handler",
      filename: code.path,
      sourceCodeHash: Fn.filebase64sha256(code.path),
      memorySize: props.memoryMb,
      timeout: props.timeoutSeconds,
      ...(concurrency === undefined ? {} : { reservedConcurrentExecutions: concurrency }),
      environment: { variables: environment },
      tracingConfig: { mode: "Active" },
      loggingConfig: { logFormat: "JSON", logGroup: logs.name },
    });
    this.lambda = lambda;
    this.arn = lambda.arn;
    this.name = lambda.functionName;
  }

  /** Handles a queue's messages in batches; those it reports as failed come again, the others are deleted. */
  consume(queue: Queue, { batchSize, windowSeconds, maxConcurrency }: Consumption): void {
    queue.grantConsume(this);
    new LambdaEventSourceMapping(this, `${queue.node.id}-source`, {
      eventSourceArn: queue.arn,
      functionName: this.arn,
      batchSize,
      ...(windowSeconds === 0 ? {} : { maximumBatchingWindowInSeconds: windowSeconds }),
      functionResponseTypes: ["ReportBatchItemFailures"],
      scalingConfig: { maximumConcurrency: maxConcurrency },
      // Lambda checks when it is made that the function may read the queue.
      dependsOn: this.role.policies,
    });
  }

  /**
   * Handles a table's changes in their order, a batch at a time; from the first that it reports as failed they come
   * again, until nearly a day has passed, and what is given up is told to a queue. A batch that it throws at is
   * halved, so that one change alone is.
   */
  followChanges(table: Table, failures: FailureQueue): void {
    table.grantFollow(this);
    failures.grantSend(this);
    new LambdaEventSourceMapping(this, `${table.node.id}-source`, {
      eventSourceArn: table.streamArn,
      functionName: this.arn,
      // Of a stream that was just made, too, everything.
      startingPosition: "TRIM_HORIZON",
      batchSize: 100,
      parallelizationFactor: 1,
      bisectBatchOnFunctionError: true,
      // As often as it takes.
      maximumRetryAttempts: -1,
      maximumRecordAgeInSeconds: 23 * 3_600,
      functionResponseTypes: ["ReportBatchItemFailures"],
      destinationConfig: { onFailure: { destinationArn: failures.arn } },
      // Lambda checks when it is made that the function may read the stream and send there.
      dependsOn: this.role.policies,
    });
  }

  /** Is made and updated after another function. */
  follow({ lambda }: Function): void {
    this.lambda.dependsOn = [...(this.lambda.dependsOn ?? []), dependable(lambda)];
  }

  /** Where events go after two failed retries. For functions that are invoked asynchronously. */
  sendFailuresTo(queue: FailureQueue): void {
    queue.grantSend(this);
    new LambdaFunctionEventInvokeConfig(this, "failures", {
      functionName: this.name,
      maximumRetryAttempts: 2,
      destinationConfig: { onFailure: { destination: queue.arn } },
      // Lambda checks when it is made that the function may send there.
      dependsOn: this.role.policies,
    });
  }

  /** Lets a service invoke it on behalf of one resource. */
  allowInvocation(id: string, service: string, sourceArn: string): void {
    new LambdaPermission(this, id, {
      action: "lambda:InvokeFunction",
      functionName: this.name,
      principal: service,
      sourceArn,
    });
  }

  grantInvoke({ role }: Grantee): void {
    role.grant(`${this.node.id}-invoke`, { actions: ["lambda:InvokeFunction"], resources: [this.arn] });
  }
}
