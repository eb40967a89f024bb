import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy";
import { SqsQueueRedriveAllowPolicy } from "@cdktf/provider-aws/lib/sqs-queue-redrive-allow-policy";
import { Construct } from "constructs";
import { denyWithoutTls, resourcePolicy, type ResourceStatement } from "./policy";
import type { Grantee } from "./role";

const FOURTEEN_DAYS = 14 * 86_400;

/** What every queue here has: encryption, TLS only, the longest retention. */
class SecureQueue extends Construct {
  readonly queue: SqsQueue;

  constructor(
    scope: Construct,
    id: string,
    config: {
      readonly name: string;
      readonly visibilityTimeoutSeconds?: number;
      readonly redrivePolicy?: string;
      readonly preventDestroy: boolean;
      readonly statements?: (arn: string) => ReadonlyArray<ResourceStatement>;
    },
  ) {
    super(scope, id);
    const { name, visibilityTimeoutSeconds, redrivePolicy, preventDestroy, statements } = config;
    this.queue = new SqsQueue(this, "this", {
      name,
      messageRetentionSeconds: FOURTEEN_DAYS,
      receiveWaitTimeSeconds: 20,
      sqsManagedSseEnabled: true,
      ...(visibilityTimeoutSeconds === undefined ? {} : { visibilityTimeoutSeconds }),
      ...(redrivePolicy === undefined ? {} : { redrivePolicy }),
      ...(preventDestroy ? { lifecycle: { preventDestroy } } : {}),
    });
    new SqsQueuePolicy(this, "policy", {
      queueUrl: this.queue.url,
      policy: resourcePolicy([
        denyWithoutTls("sqs:*", [this.queue.arn]),
        ...(statements?.(this.queue.arn) ?? []),
      ]),
    });
  }
}

const ACTION = { send: "sqs:SendMessage", postpone: "sqs:ChangeMessageVisibility" } as const;

export type QueueProps = {
  /** At most 76 characters: the dead-letter queue's name is `<name>-dlq`, and 80 is SQS's limit. */
  readonly name: string;
  /** At least six times what its consumer may take for a batch, and the time in which it is gathered, so that a retry never overlaps it. */
  readonly visibilityTimeoutSeconds: number;
  /** Deliveries after which a message goes to the dead-letter queue. */
  readonly maxReceiveCount: number;
  readonly preventDestroy: boolean;
};

/** A standard queue and its own dead-letter queue, which takes messages from it alone. */
export class Queue extends Construct {
  readonly arn: string;
  readonly url: string;
  readonly name: string;
  readonly deadLetterName: string;

  constructor(scope: Construct, id: string, props: QueueProps) {
    super(scope, id);
    const { name, visibilityTimeoutSeconds, maxReceiveCount, preventDestroy } = props;
    const dlq = new SecureQueue(this, "dlq", { name: `${name}-dlq`, preventDestroy }).queue;
    const { queue } = new SecureQueue(this, "main", {
      name,
      visibilityTimeoutSeconds,
      redrivePolicy: JSON.stringify({ deadLetterTargetArn: dlq.arn, maxReceiveCount }),
      preventDestroy,
    });
    new SqsQueueRedriveAllowPolicy(this, "redrive-allow", {
      queueUrl: dlq.url,
      redriveAllowPolicy: JSON.stringify({ redrivePermission: "byQueue", sourceQueueArns: [queue.arn] }),
    });
    this.arn = queue.arn;
    this.url = queue.url;
    this.name = queue.name;
    this.deadLetterName = dlq.name;
  }

  grant({ role }: Grantee, access: "send" | "postpone"): void {
    role.grant(`${this.node.id}-${access}`, { actions: [ACTION[access]], resources: [this.arn] });
  }

  grantConsume({ role }: Grantee): void {
    role.grant(`${this.node.id}-consume`, {
      actions: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
      resources: [this.arn],
    });
  }
}

export type FailureQueueProps = {
  readonly name: string;
  readonly preventDestroy: boolean;
  /** Topics whose undeliverable messages it takes. */
  readonly topicArns: ReadonlyArray<string>;
};

/** Keeps what could not be delivered or handled asynchronously, for a person to look at. */
export class FailureQueue extends Construct {
  readonly arn: string;
  readonly name: string;

  constructor(scope: Construct, id: string, { name, preventDestroy, topicArns }: FailureQueueProps) {
    super(scope, id);
    const { queue } = new SecureQueue(this, "main", {
      name,
      preventDestroy,
      statements: (arn) =>
        topicArns.map((topicArn, index) => ({
          sid: `AllowTopic${index}`,
          effect: "Allow",
          principal: { Service: "sns.amazonaws.com" },
          actions: ["sqs:SendMessage"],
          resources: [arn],
          condition: { ArnEquals: { "aws:SourceArn": topicArn } },
        })),
    });
    this.arn = queue.arn;
    this.name = queue.name;
  }

  grantSend({ role }: Grantee): void {
    role.grant(`${this.node.id}-send`, { actions: ["sqs:SendMessage"], resources: [this.arn] });
  }
}
