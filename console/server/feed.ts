/** How things stand, to every page that listens: read once for all of them, and only while there is one. */
import type { ServerResponse } from "node:http";
import type { Live } from "../shapes";

/** What is read, and how many milliseconds pass from one reading to the next. */
type Source = { readonly read: () => Promise<Live>; readonly everyMs: number };

export const liveFeed = ({ read, everyMs }: Source) => {
  const listeners = new Set<ServerResponse>();
  let last: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  let reading = false;

  const tell = (listener: ServerResponse, text: string): void => void listener.write(`data: ${text}\n\n`);

  const round = async (): Promise<void> => {
    reading = true;
    try {
      last = JSON.stringify(await read());
      for (const listener of listeners) tell(listener, last);
    } finally {
      reading = false;
      timer = listeners.size === 0 ? undefined : setTimeout(() => void round(), everyMs);
    }
  };

  return {
    join: (response: ServerResponse): void => {
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
