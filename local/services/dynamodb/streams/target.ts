/** In front of the operations of DynamoDB Streams. */
export const STREAMS_TARGET = "DynamoDBStreams_20120810";
