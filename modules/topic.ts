import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { Construct } from "constructs";
import type { Function } from "./function";
import type { Key } from "./key";
import { denyWithoutTls, resourcePolicy } from "./policy";
import type { FailureQueue } from "./queue";
import type { Grantee } from "./role";

export type TopicProps = {
  readonly name: string;
  readonly accountId: string;
  readonly key: Key;
  /** Services that may publish on behalf of the account's resources, e.g. `cloudwatch.amazonaws.com`. */
  readonly services?: ReadonlyArray<string>;
};

/** Which of a topic's messages a subscription gets, by what stands in their JSON bodies. */
export type BodyFilter = Readonly<Record<string, unknown>>;

const filtered = (filter: BodyFilter | undefined) =>
  filter === undefined ? {} : { filterPolicyScope: "MessageBody", filterPolicy: JSON.stringify(filter) };

/** A standard topic, encrypted under a customer-managed key, published to over TLS. */
export class Topic extends Construct {
  readonly arn: string;
  /** Who may publish. */
  readonly policy: SnsTopicPolicy;
  private readonly key: Key;

  constructor(scope: Construct, id: string, { name, accountId, key, services = [] }: TopicProps) {
    super(scope, id);
    const topic = new SnsTopic(this, "this", { name, kmsMasterKeyId: key.arn });
    this.policy = new SnsTopicPolicy(this, "policy", {
      arn: topic.arn,
      policy: resourcePolicy([
        denyWithoutTls("sns:Publish", [topic.arn]),
        ...services.map((service, index) => ({
          sid: `AllowService${index}`,
          effect: "Allow" as const,
          principal: { Service: service },
          actions: ["sns:Publish"] as const,
          resources: [topic.arn] as const,
          condition: { StringEquals: { "aws:SourceAccount": accountId } },
        })),
      ]),
    });
    this.arn = topic.arn;
    this.key = key;
  }

  grantPublish(grantee: Grantee): void {
    grantee.role.grant(
      `${this.node.id}-publish`,
      { actions: ["sns:Publish"], resources: [this.arn] },
      { actions: ["kms:Decrypt", "kms:GenerateDataKey"], resources: [this.key.arn] },
    );
  }

  /** Invokes a function with each message; what cannot be delivered goes to `failures`. */
  invoke(target: Function, failures: FailureQueue, filter?: BodyFilter): void {
    target.allowInvocation(`${this.node.id}-invokes`, "sns.amazonaws.com", this.arn);
    new SnsTopicSubscription(this, target.node.id, {
      topicArn: this.arn,
      protocol: "lambda",
      endpoint: target.arn,
      redrivePolicy: JSON.stringify({ deadLetterTargetArn: failures.arn }),
      ...filtered(filter),
    });
  }

  /** Delivers each message, as it was published, to a queue, whose policy has to allow it; what cannot be goes to `failures`. */
  deliver(queueArn: string, failures: FailureQueue): void {
    new SnsTopicSubscription(this, queueArn.split(":").at(-1) ?? queueArn, {
      topicArn: this.arn,
      protocol: "sqs",
      endpoint: queueArn,
      rawMessageDelivery: true,
      redrivePolicy: JSON.stringify({ deadLetterTargetArn: failures.arn }),
    });
  }

  /** Emails each message to a person, once they have confirmed the subscription. */
  mail(recipient: string, filter?: BodyFilter): void {
    new SnsTopicSubscription(this, recipient, {
      topicArn: this.arn,
      protocol: "email",
      endpoint: recipient,
      ...filtered(filter),
    });
  }
}
