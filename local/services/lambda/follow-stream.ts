import { setTimeout as sleep } from "node:timers/promises";
import { messageOf } from "../../start-error";
import { within } from "../../time-limit";
import type { ChangeRecord, StreamReader } from "../dynamodbstreams/reader";
import type { Consumer } from "../sqs/consumer";

/** Where there is nothing new, as long as Lambda waits; after what failed twice as long each time, up to ten seconds. */
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;

/** How a function took records: all of them, those before one, or none, because it threw or could not be asked. */
export type Handled =
  | { readonly _tag: "Done" }
  | { readonly _tag: "FailedAt"; readonly place: number }
  | { readonly _tag: "Threw" }
  | { readonly _tag: "Throttled" };

export type Follows = {
  readonly batchSize: number;
  /** Where to begin where nothing was read before. */
  readonly from: "TRIM_HORIZON" | "LATEST";
  readonly bisects: boolean;
  /** After the first try; without one, for as long as there are records. */
  readonly retries: number | undefined;
  readonly maxAgeSeconds: number | undefined;
};

export type Ends = {
  readonly handle: (records: ReadonlyArray<ChangeRecord>) => Promise<Handled>;
  /** What is given up, and why. */
  readonly giveUp: (records: ReadonlyArray<ChangeRecord>, condition: string, tries: number) => Promise<void>;
  readonly position: { readonly get: () => string | undefined; readonly note: (sequence: string) => void };
  readonly complain: (text: string) => void;
};

export const sequenceOf = ({ dynamodb }: ChangeRecord): string => dynamodb.SequenceNumber;

const ageSeconds = ({ dynamodb }: ChangeRecord): number =>
  Date.now() / 1_000 - dynamodb.ApproximateCreationDateTime;

/**
 * Hands a stream's records on in batches, one after the other: none is begun before those in front of it are done
 * with, or given up.
 */
export const followStream = (reader: StreamReader, follows: Follows, ends: Ends): Consumer => {
  const { batchSize, from, bisects, retries = Infinity, maxAgeSeconds = Infinity } = follows;
  const { handle, giveUp, position, complain } = ends;
  const stopping = new AbortController();
  const stopped = (): boolean => stopping.signal.aborted;
  const pause = (failures: number): Promise<unknown> =>
    sleep(Math.min(FIRST_PAUSE_MS * 2 ** failures, LONGEST_PAUSE_MS), undefined, {
      signal: stopping.signal,
    }).catch(() => undefined);

  const note = (records: ReadonlyArray<ChangeRecord>): void => {
    const last = records.at(-1);
    if (last !== undefined) position.note(sequenceOf(last));
  };

  /** @param tries of these records, before this one */
  const deliver = async (records: ReadonlyArray<ChangeRecord>, tries: number): Promise<void> => {
    const [first] = records;
    if (first === undefined || stopped()) return;
    const handled = await handle(records);
    if (handled._tag === "Done") {
      note(records);
      return;
    }
    if (handled._tag === "FailedAt" && handled.place > 0) {
      note(records.slice(0, handled.place));
      await deliver(records.slice(handled.place), 0);
      return;
    }
    const failed = handled._tag === "Throttled" ? tries : tries + 1;
    if (handled._tag === "Threw" && bisects && records.length > 1) {
      const middle = Math.ceil(records.length / 2);
      await deliver(records.slice(0, middle), tries);
      await deliver(records.slice(middle), tries);
      return;
    }
    const isTooOld = ageSeconds(first) > maxAgeSeconds;
    if (isTooOld || failed > retries) {
      await giveUp(records, isTooOld ? "RecordAgeExceeded" : "RetryAttemptsExhausted", failed);
      note(records);
      return;
    }
    await pause(failed);
    await deliver(records, failed);
  };

  const run = async (): Promise<void> => {
    let failures = 0;
    let iterator: string | undefined;
    while (!stopped()) {
      try {
        const sequence = position.get();
        iterator ??= await reader.iterator(sequence === undefined ? { from } : { sequence });
        const { Records, NextShardIterator } = await reader.records(iterator, batchSize);
        failures = 0;
        await deliver(Records, 0);
        iterator = NextShardIterator;
        if (Records.length === 0) await pause(0);
      } catch (error) {
        if (!stopped()) complain(`the stream cannot be read: ${messageOf(error)}`);
        iterator = undefined;
        await pause(failures);
        failures += 1;
      }
    }
  };
  const running = reader
    .list()
    .catch((error: unknown) => complain(messageOf(error)))
    .then(run);

  return {
    stop: async (ms) => {
      stopping.abort();
      await within(ms, running, undefined);
    },
  };
};
