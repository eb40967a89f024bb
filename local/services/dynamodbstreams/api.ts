import type { AwsService } from "../../engine/service";
import { dynamodb } from "../dynamodb/api";
import { STREAMS_TARGET } from "../dynamodb/streams/target";
import { readStreams } from "./actions";

export const dynamodbstreams: AwsService = {
  ...dynamodb,
  name: "dynamodbstreams",
  signedAs: dynamodb.name,
  target: STREAMS_TARGET,
  read: readStreams,
};
