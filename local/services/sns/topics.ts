import type { ConfigOf, Declared, DeclaredStack } from "../catalog";
import type { Report } from "../service";
import { PLATFORM } from "../../engine/gateway/callers";
import type { Client } from "../../engine/gateway/client";
import { StartError } from "../../start-error";
import { askSns } from "./request";
import { resources } from "./resources";
import { makeQueue } from "../sqs/queues";
import { queueNameOf } from "../sqs/reader";
import { resources as sqsResources } from "../sqs/resources";

type Subscription = Declared<ConfigOf<typeof resources.aws_sns_topic_subscription>>;

/** Forms number their maps: `Attributes.entry.1.key`. */
const attributesForm = (attributes: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(attributes).flatMap(([key, value], index) => [
      [`Attributes.entry.${index + 1}.key`, key],
      [`Attributes.entry.${index + 1}.value`, value],
    ]),
  );

const filterOf = ({
  filter_policy,
  filter_policy_scope,
}: Subscription["config"]): Record<string, string> => ({
  ...(filter_policy === undefined ? {} : { FilterPolicy: filter_policy }),
  ...(filter_policy_scope === undefined ? {} : { FilterPolicyScope: filter_policy_scope }),
});

const existing = (xml: string): ReadonlyArray<{ readonly arn: string; readonly endpoint: string }> =>
  [...xml.matchAll(/<member>([\s\S]*?)<\/member>/g)].map(([, member = ""]) => ({
    arn: /<SubscriptionArn>([^<]*)</.exec(member)?.[1] ?? "",
    endpoint: /<Endpoint>([^<]*)</.exec(member)?.[1] ?? "",
  }));

/** A queue that another system would have: made here, so that what is delivered to it can be looked at. */
const makeOthersQueues = async (
  client: Client,
  stack: DeclaredStack,
  subscriptions: ReadonlyArray<Subscription>,
): Promise<void> => {
  const own = stack(sqsResources.aws_sqs_queue).map(({ attribute }) => attribute("arn"));
  await Promise.all(
    subscriptions
      .filter(({ config: { protocol, endpoint } }) => protocol === "sqs" && !own.includes(endpoint))
      .map(({ config: { endpoint } }) =>
        makeQueue(client, queueNameOf(endpoint), { VisibilityTimeout: "30" }),
      ),
  );
};

/**
 * Makes topics and what they deliver to. Topics deliver to queues; a function is served from a queue of the
 * platform's own (`queueOf`), an email address from what the gateway sees published.
 */
export const makeTopics = async (
  client: Client,
  stack: DeclaredStack,
  queueOf: (functionArn: string) => string,
): Promise<void> => {
  const subscriptions = stack(resources.aws_sns_topic_subscription).filter(
    ({ config }) => !config.protocol.startsWith("email"),
  );
  await makeOthersQueues(client, stack, subscriptions);
  await Promise.all(
    stack(resources.aws_sns_topic).map(async ({ config: { name }, attribute }) => {
      const topicArn = attribute("arn");
      await askSns(client, PLATFORM, "CreateTopic", { Name: name });
      const wanted = subscriptions
        .filter(({ config }) => config.topic_arn === topicArn)
        .map(({ address, config }) => {
          const raw = config.protocol === "sqs" && String(config.raw_message_delivery) === "true";
          if (config.protocol === "lambda" && config.raw_message_delivery !== undefined)
            throw new StartError(`${address}: raw_message_delivery is not for functions`);
          return {
            endpoint: config.protocol === "lambda" ? queueOf(config.endpoint) : config.endpoint,
            attributes: { ...filterOf(config), ...(raw ? { RawMessageDelivery: "true" } : {}) },
          };
        });
      // What an earlier start subscribed may have had other settings: subscribing again is as quick as comparing.
      const before = await askSns(client, PLATFORM, "ListSubscriptionsByTopic", { TopicArn: topicArn });
      for (const { arn } of existing(before))
        await askSns(client, PLATFORM, "Unsubscribe", { SubscriptionArn: arn });
      for (const { endpoint, attributes } of wanted)
        await askSns(client, PLATFORM, "Subscribe", {
          TopicArn: topicArn,
          Protocol: "sqs",
          Endpoint: endpoint,
          ...attributesForm(attributes),
        });
    }),
  );
};

/** Shows each message that a topic emails. */
export const reportMails: Report = ({ operation, body }, { activity, stack }) => {
  if (operation !== "Publish") return;
  const form = new URLSearchParams(body.toString());
  const mails = stack(resources.aws_sns_topic_subscription).filter(
    ({ config }) => config.topic_arn === form.get("TopicArn") && config.protocol.startsWith("email"),
  );
  for (const { config } of mails)
    activity.notification(`mail to ${config.endpoint}: ${form.get("Subject") ?? form.get("Message") ?? ""}`);
};
