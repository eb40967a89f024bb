import * as t from "io-ts";
import type { Caller } from "../../engine/gateway/callers";
import type { Client } from "../../engine/gateway/client";
import { queueUrlOf } from "../sqs/reader";
import { askSns } from "../sns/request";
import { invokeLater } from "./invoke";

/** Sends a record of what failed to its destination, in the function's name. */
export const sendToDestination = async (
  client: Client,
  awsUrl: string,
  role: Caller,
  destination: string,
  body: string,
): Promise<void> => {
  if (destination.startsWith("arn:aws:sns:"))
    await askSns(client, role, "Publish", { TopicArn: destination, Message: body });
  else if (destination.startsWith("arn:aws:lambda:")) await invokeLater(client, role, destination, body);
  else
    await client.json(
      role,
      "sqs",
      "SendMessage",
      { QueueUrl: queueUrlOf(awsUrl, destination), MessageBody: body },
      t.unknown,
    );
};
