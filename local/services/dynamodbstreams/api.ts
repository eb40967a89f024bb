import type { AwsService } from "../../engine/service";
import { inJson, named, on, readOperations } from "../../engine/wire/operations";
import { dynamodb } from "../dynamodb/api";
import { STREAMS_TARGET } from "../dynamodb/streams/target";

/** A place in a stream begins with the stream's ARN, here and on AWS. */
const streamIn = (iterator: string): string => iterator.split("|", 1)[0] ?? "";

export const dynamodbstreams: AwsService = {
  ...dynamodb,
  name: "dynamodbstreams",
  signedAs: dynamodb.name,
  target: STREAMS_TARGET,
  read: readOperations(dynamodb.name, inJson(STREAMS_TARGET), {
    DescribeStream: on("StreamArn"),
    GetRecords: on(named("ShardIterator", streamIn)),
    GetShardIterator: on("StreamArn"),
    ListStreams: "*",
  }),
};
