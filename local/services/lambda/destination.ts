import { randomUUID } from "node:crypto";
import * as t from "io-ts";
import type { Caller } from "../../engine/gateway/callers";
import type { Client } from "../../engine/gateway/client";
import { queueUrlOf } from "../sqs/reader";
import { askSns } from "../sns/request";
import { invokeLater } from "./invoke";

/** What Lambda tells of events that it gives up: everything but the events. */
export const givenUp = (functionArn: string, condition: string, tries: number) => ({
  version: "1.0",
  timestamp: new Date().toISOString(),
  requestContext: {
    requestId: randomUUID(),
    functionArn,
    condition,
    approximateInvokeCount: tries,
  },
  responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
});

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
