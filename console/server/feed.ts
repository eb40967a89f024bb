/** How things stand, to every page that listens: read once for all of them, and only while there is one. */
import type { Pace } from "../aws/pace";
import type { Live } from "../shapes";

/** A response, as far as it is used here. */
type Listener = {
  readonly writeHead: (status: number, headers: Readonly<Record<string, string>>) => unknown;
  readonly write: (text: string) => unknown;
  readonly once: (event: "close", listener: () => void) => unknown;
  readonly end: () => unknown;
};

export type Source = {
  readonly read: () => Promise<Live>;
  readonly pace: Pick<Pace, "everyMs" | "longestMs">;
};

export const liveFeed = ({ read, pace: { everyMs, longestMs } }: Source) => {
  const listeners = new Set<Listener>();
  let last: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  let reading = false;
  let waitMs = everyMs;

  const tell = (listener: Listener, text: string): void => void listener.write(`data: ${text}\n\n`);

  const round = async (): Promise<void> => {
    reading = true;
    try {
      const live = await read();
      // Whoever throttles, or does not answer, is asked less and less often.
      waitMs = live.trouble === undefined ? everyMs : Math.min(2 * waitMs, longestMs);
      last = JSON.stringify(live);
      for (const listener of listeners) tell(listener, last);
    } finally {
      reading = false;
      timer = listeners.size === 0 ? undefined : setTimeout(() => void round(), waitMs);
    }
  };

  return {
    join: (response: Listener): void => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write("retry: 1000\n\n");
      if (last !== undefined) tell(response, last);
      listeners.add(response);
      response.once("close", () => listeners.delete(response));
      if (!reading && timer === undefined) void round();
    },
    close: (): void => {
      clearTimeout(timer);
      for (const listener of listeners) listener.end();
      listeners.clear();
    },
  };
};
