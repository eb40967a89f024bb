import { jsonAnswer } from "../../engine/gateway/errors";
import { resources as tables } from "../dynamodb/resources";
import { dynalite } from "../dynamodb/server";
import { tableOfStream } from "../dynamodb/streams/stream-arn";
import type { LocalService } from "../service";
import { dynamodbstreams } from "./api";

/** The streams of tables, which are declared with them. */
export const resources = {};

export const service: LocalService = {
  api: dynamodbstreams,
  server: dynalite,
  start: ({ stack, forward }) => {
    const records = forward(dynalite);
    const streams = stack(tables.aws_dynamodb_table)
      .filter(({ config }) => config.stream_enabled === true)
      .map(({ attribute }) => ({
        StreamArn: attribute("stream_arn"),
        StreamLabel: attribute("stream_label"),
        TableName: tableOfStream(attribute("stream_arn")) ?? "",
      }));
    return {
      backend: (call) =>
        call.operation === "ListStreams" ? Promise.resolve(jsonAnswer({ Streams: streams })) : records(call),
    };
  },
};
