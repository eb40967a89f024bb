/** Where an operator says whether orders are sent: an environment's table of checkpoints, and the topic that tells people. */
import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  ResourceNotFoundException,
} from "@aws-sdk/client-dynamodb";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { isLeft } from "fp-ts/Either";
import type { Environment } from "../../environments/environment";
import { publication } from "../../functions/adapters/publication";
import { KEY, tradingIn, tradingItem } from "../../functions/adapters/trading-item";
import { tradingAnnounced } from "../../functions/domain/announcement";
import type { Said, TradingState } from "../../functions/domain/trading";
import { command, Ended, failure, wrongUse } from "../../lib/command";
import { isPrintable } from "../../lib/text";
import { reasonOf } from "../../lib/thrown";
import { type AwsSettings, orUnreachable } from "../operated";

const REASON_LIMIT = 500;

/** Everybody is shown it: whole, and in one line. */
export const reasonIn = (text: string): string => {
  const reason = text.trim();
  if (!isPrintable(reason) || reason.length > REASON_LIMIT)
    throw new Ended(
      wrongUse(`expected who and why, in 1 to ${REASON_LIMIT} printable characters; see --help`),
    );
  return reason;
};

/** Not at the instant of what was said before, nor in its past. */
export const instantAfter = (state: TradingState): string =>
  new Date(Math.max(Date.now(), state === undefined ? 0 : Date.parse(state.at) + 1)).toISOString();

export const deskOf = ({ name, region, account_id: account }: Environment, settings: AwsSettings) => {
  const dynamo = new DynamoDBClient(settings);
  const TableName = `${name}-orders-checkpoints`;

  const state = async (): Promise<TradingState> => {
    const { Item } = await dynamo
      .send(new GetItemCommand({ TableName, Key: KEY, ConsistentRead: true }))
      .catch((thrown: unknown) => {
        if (thrown instanceof ResourceNotFoundException)
          throw new Ended(failure(2, `${TableName}: no such table in ${region}; is ${name} deployed?`));
        throw orUnreachable(settings, thrown);
      });
    const found = tradingIn(Item);
    if (isLeft(found)) throw new Ended(failure(2, `${TableName}: ${found.left}`));
    return found.right;
  };

  const put = (said: Said, before: TradingState) =>
    dynamo.send(
      new PutItemCommand({
        TableName,
        Item: tradingItem(said),
        ...(before === undefined
          ? { ConditionExpression: "attribute_not_exists(#at)" }
          : {
              ConditionExpression: "#at = :before",
              ExpressionAttributeValues: { ":before": { S: before.at } },
            }),
        ExpressionAttributeNames: { "#at": "at" },
      }),
    );

  return {
    state,
    /** Says something else than what stands there. */
    say: async (said: Said, before: TradingState): Promise<void> => {
      await put(said, before).catch((thrown: unknown) => {
        if (thrown instanceof ConditionalCheckFailedException)
          throw new Ended(
            failure(2, `${name}: somebody else halted or resumed trading just now; look again`),
          );
        throw thrown;
      });
    },
    /** Tells people, and notes that they were told. Where this fails, the next sweep does it. */
    announce: async (said: Said): Promise<void> => {
      const topic = `arn:aws:sns:${region}:${account}:${name}-orders-notifications`;
      await new SNSClient(settings).send(
        new PublishCommand(publication(topic, tradingAnnounced(name, said))),
      );
      // Where this cannot be noted, the sweep tells them once more, under the same id.
      await put({ ...said, announced: true }, said).catch(() => undefined);
    },
  };
};

export type Desk = ReturnType<typeof deskOf>;

/** Tells people; where that fails, says so and who will. True if they were told. */
export const tell = async (desk: Desk, said: Said): Promise<boolean> => {
  try {
    await desk.announce(said);
    return true;
  } catch (thrown) {
    console.error(
      `nobody was told: ${reasonOf(thrown)}; the next sweep tells them, or the same command again`,
    );
    return false;
  }
};

/** A command of an operator about trading, with its arguments. */
export const tradingCommand = (name: string, description: string) =>
  command(name)
    .description(description)
    .argument("<environment>", "the name of a file in environments/")
    .argument("<reason>", "who says so, and why; shown in Slack, in GET /health and in the console")
    .option("--endpoint <url>", "the AWS endpoint (default: AWS's own; of local http://127.0.0.1:4566)");
