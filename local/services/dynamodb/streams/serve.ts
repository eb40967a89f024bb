/** DynamoDB Streams, which dynalite does not know. Runs in dynalite's thread. */
import * as E from "fp-ts/Either";
import * as t from "io-ts";
import type { TableLevel } from "../store/table-level";
import { invalid, type Served } from "../serve";
import { newestSequence, recordsAfter, type StreamRecord, type Streams } from "./records";
import { tableOfStream } from "./stream-arn";
import { STREAMS_TARGET } from "./target";

/** Nothing here is so much that one shard would not hold it. */
const SHARD = "shardId-00000000000000000000-local";
const VIEW = "NEW_AND_OLD_IMAGES";
const MOST = 1_000;

const Given = t.type({
  TableName: t.string,
  StreamSpecification: t.type({ StreamEnabled: t.literal(true), StreamViewType: t.literal(VIEW) }),
});
const Described = t.type({ StreamArn: t.string });
const Asked = t.intersection([
  Described,
  t.type({ ShardId: t.literal(SHARD) }),
  t.union([
    t.type({ ShardIteratorType: t.keyof({ TRIM_HORIZON: null, LATEST: null }) }),
    t.type({ ShardIteratorType: t.literal("AFTER_SEQUENCE_NUMBER"), SequenceNumber: t.string }),
  ]),
]);
const Read = t.intersection([t.type({ ShardIterator: t.string }), t.partial({ Limit: t.number })]);

/** A place in a stream: after a sequence number, or at the beginning. */
const iterator = (streamArn: string, after: string): string => `${streamArn}|${after}`;

const wireRecord = (
  { sequence, at, eventName, ...change }: StreamRecord,
  region: string,
): Readonly<Record<string, unknown>> => ({
  eventID: sequence,
  eventName,
  eventVersion: "1.1",
  eventSource: "aws:dynamodb",
  awsRegion: region,
  dynamodb: {
    ApproximateCreationDateTime: Math.floor(at / 1_000),
    ...change,
    SequenceNumber: sequence,
    SizeBytes: Buffer.byteLength(JSON.stringify(change)),
    StreamViewType: VIEW,
  },
});

const noStream = {
  __type: "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException",
  message: "Requested resource not found: Stream not found",
};

/** The table of an ARN that has a stream. */
const known = (streams: Streams, streamArn: string): string | undefined => {
  const table = tableOfStream(streamArn);
  return table !== undefined && streams.has(table) ? table : undefined;
};

export const streamsApi = (level: TableLevel, streams: Streams): Served => ({
  answers: (target) => target.startsWith(`${STREAMS_TARGET}.`),
  answer: async (operation, input) => {
    switch (operation) {
      case "UpdateTable": {
        if (!Given.is(input)) return E.left(invalid(`StreamSpecification: only ${VIEW} is kept locally`));
        streams.give(level, input.TableName);
        return E.right({ TableDescription: input });
      }
      case "DescribeStream": {
        if (!Described.is(input)) return E.left(invalid("StreamArn is missing"));
        if (known(streams, input.StreamArn) === undefined) return E.left(noStream);
        return E.right({
          StreamDescription: {
            StreamArn: input.StreamArn,
            StreamStatus: "ENABLED",
            StreamViewType: VIEW,
            Shards: [{ ShardId: SHARD, SequenceNumberRange: { StartingSequenceNumber: "0" } }],
          },
        });
      }
      case "GetShardIterator": {
        if (!Asked.is(input)) return E.left(invalid("this shard or ShardIteratorType is not served locally"));
        const table = known(streams, input.StreamArn);
        if (table === undefined) return E.left(noStream);
        const after =
          input.ShardIteratorType === "AFTER_SEQUENCE_NUMBER"
            ? input.SequenceNumber
            : input.ShardIteratorType === "LATEST"
              ? await newestSequence(level, table)
              : "";
        return E.right({ ShardIterator: iterator(input.StreamArn, after) });
      }
      case "GetRecords": {
        if (!Read.is(input)) return E.left(invalid("ShardIterator is missing"));
        const [streamArn = "", after = ""] = input.ShardIterator.split("|");
        const table = known(streams, streamArn);
        if (table === undefined) return E.left(noStream);
        const records = await recordsAfter(level, table, after, Math.min(input.Limit ?? MOST, MOST));
        const region = streamArn.split(":")[3] ?? "";
        return E.right({
          Records: records.map((record) => wireRecord(record, region)),
          NextShardIterator: iterator(streamArn, records.at(-1)?.sequence ?? after),
        });
      }
      default:
        return E.left({
          __type: "com.amazonaws.dynamodb.v20120810#UnknownOperationException",
          message: `${operation} is not served locally`,
        });
    }
  },
});
