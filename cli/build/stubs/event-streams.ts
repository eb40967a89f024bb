/** For messages streamed both ways (SelectObjectContent, …): no command of the functions has any. */
const none = (): never => {
  throw new Error("event streams are not bundled: take event-streams.ts out of cli/build/stubs.mts");
};

export const EventStreamSerde = none;
export const eventStreamSerdeProvider = none;
export const resolveEventStreamSerdeConfig = <A>(input: A): A => input;
