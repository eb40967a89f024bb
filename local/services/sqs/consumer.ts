import { setTimeout as sleep } from "node:timers/promises";
import { messageOf } from "../../start-error";
import { within } from "../../time-limit";
import type { Message, QueueReader } from "./reader";

const LONG_POLL_SECONDS = 20;
/** After a receive that failed: twice as long each time, up to ten seconds. */
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;

export type Consumer = {
  /** Takes no new messages and waits for those at hand, at most `ms`. */
  readonly stop: (ms: number) => Promise<void>;
};

/**
 * Reads a queue by long polling and hands its messages on in batches, several at a time: one reader is enough,
 * since receiving takes a fraction of handling.
 */
export const consume = (
  reader: QueueReader,
  options: { readonly batchSize: number; readonly windowSeconds: number; readonly atOnce: number },
  handle: (messages: ReadonlyArray<Message>) => Promise<void>,
  complain: (text: string) => void,
): Consumer => {
  const stopping = new AbortController();
  const stopped = (): boolean => stopping.signal.aborted;
  const underway = new Set<Promise<void>>();

  /** One batch: the first messages that come, and more of them while its window is open. */
  const gather = async (): Promise<ReadonlyArray<Message>> => {
    const messages = [...(await reader.receive(options.batchSize, LONG_POLL_SECONDS))];
    const closesAt = performance.now() + options.windowSeconds * 1_000;
    while (messages.length > 0 && messages.length < options.batchSize && !stopped()) {
      const left = Math.ceil((closesAt - performance.now()) / 1_000);
      if (left <= 0) break;
      messages.push(
        ...(await reader.receive(options.batchSize - messages.length, Math.min(left, LONG_POLL_SECONDS))),
      );
    }
    return messages;
  };

  const run = async (): Promise<void> => {
    let pause = FIRST_PAUSE_MS;
    while (!stopped()) {
      if (underway.size >= options.atOnce) {
        await Promise.race(underway);
        continue;
      }
      try {
        const messages = await gather();
        pause = FIRST_PAUSE_MS;
        // What comes while stopping is not begun: its queue gives it out again.
        if (messages.length === 0 || stopped()) continue;
        const handled: Promise<void> = handle(messages)
          .catch((error: unknown) => complain(messageOf(error)))
          .finally(() => underway.delete(handled));
        underway.add(handled);
      } catch (error) {
        if (!stopped()) complain(`the queue cannot be read: ${messageOf(error)}`);
        await sleep(pause, undefined, { signal: stopping.signal }).catch(() => undefined);
        pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
      }
    }
  };
  void run();

  return {
    stop: async (ms) => {
      stopping.abort();
      await within(ms, Promise.all(underway), undefined);
    },
  };
};
