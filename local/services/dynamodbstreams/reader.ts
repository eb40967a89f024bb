import * as t from "io-ts";
import type { Caller } from "../../engine/gateway/callers";
import type { Client } from "../../engine/gateway/client";

const ChangeRecord = t.intersection([
  t.UnknownRecord,
  t.type({
    dynamodb: t.intersection([
      t.UnknownRecord,
      t.type({ SequenceNumber: t.string, ApproximateCreationDateTime: t.number }),
    ]),
  }),
]);
/** A record of a stream, as far as it is read here. */
export type ChangeRecord = t.TypeOf<typeof ChangeRecord>;

const Described = t.type({
  StreamDescription: t.type({ Shards: t.readonlyArray(t.type({ ShardId: t.string })) }),
});
const Page = t.type({ Records: t.readonlyArray(ChangeRecord), NextShardIterator: t.string });

/** A stream read in a caller's name, from its first shard: locally there is one. */
export const streamReader = (client: Client, caller: Caller, StreamArn: string) => {
  const ask = <A>(
    operation: string,
    input: Readonly<Record<string, string | number>>,
    answer: t.Type<A, unknown>,
  ) => client.json(caller, "dynamodbstreams", operation, input, answer);
  const shard = async (): Promise<string> => {
    const { StreamDescription } = await ask("DescribeStream", { StreamArn }, Described);
    return StreamDescription.Shards[0]?.ShardId ?? "";
  };
  return {
    /** Asks which streams there are, as Lambda does before it reads one. */
    list: () => ask("ListStreams", {}, t.unknown),
    /** Where reading goes on after a record, or begins. */
    iterator: async (
      after: { readonly sequence: string } | { readonly from: "TRIM_HORIZON" | "LATEST" },
    ): Promise<string> => {
      const where =
        "sequence" in after
          ? { ShardIteratorType: "AFTER_SEQUENCE_NUMBER", SequenceNumber: after.sequence }
          : { ShardIteratorType: after.from };
      const { ShardIterator } = await ask(
        "GetShardIterator",
        { StreamArn, ShardId: await shard(), ...where },
        t.type({ ShardIterator: t.string }),
      );
      return ShardIterator;
    },
    records: (ShardIterator: string, Limit: number) => ask("GetRecords", { ShardIterator, Limit }, Page),
  };
};

export type StreamReader = ReturnType<typeof streamReader>;
