import {
  access,
  field,
  jsonBody,
  operationOf,
  type Read,
  type ServiceRequest,
  targetOperation,
  unknown,
  unreadable,
} from "../../engine/wire/access";
import { STREAMS_TARGET } from "../dynamodb/streams/target";

const ON_STREAM: ReadonlySet<string> = new Set(["DescribeStream", "GetShardIterator"]);

/** A place in a stream begins with the stream's ARN, here and on AWS. */
const streamIn = (iterator: string | undefined): string | undefined => iterator?.split("|")[0];

export const readStreams = (request: ServiceRequest): Read => {
  const operation = targetOperation(request, STREAMS_TARGET);
  const action = `dynamodb:${operation}`;
  if (operation === "ListStreams") return operationOf(operation, [access(action, "*")]);
  if (operation !== "GetRecords" && !ON_STREAM.has(operation)) return unknown(operation);
  const body = jsonBody(request.body);
  if (body === undefined) return unreadable(operation, "the body is no JSON object");
  const stream =
    operation === "GetRecords" ? streamIn(field(body, "ShardIterator")) : field(body, "StreamArn");
  return stream === undefined
    ? unreadable(operation, "no stream")
    : operationOf(operation, [access(action, stream)]);
};
