/** What the server says: each answer once, and how things stand again and again. */
import { createContext } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import type { About, Live, Problem } from "../shapes";

/** What is shown stays while it is read again, and where that fails. */
export type Read<A> = { readonly value?: A; readonly problem?: string };

const isProblem = (body: unknown): body is Problem =>
  typeof body === "object" && body !== null && "problem" in body && typeof body.problem === "string";

/** The server is our own, of the same build: what it answers has the shape that `shapes.ts` says. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
const parsed: <A>(text: string) => A = JSON.parse;

const answerOf = async <A>(path: string, asked: RequestInit): Promise<A> => {
  const response = await fetch(path, asked);
  const text = await response.text();
  if (response.ok) return parsed<A>(text);
  const body = parsed<unknown>(text);
  throw new Error(isProblem(body) ? body.problem : `The console answered with status ${response.status}.`);
};

const unreachable = (error: unknown): string =>
  error instanceof TypeError
    ? "The console does not answer. It ends with the command that serves it; start that again."
    : error instanceof Error
      ? error.message
      : String(error);

/** Asks the server to change something; rejects with why it did not. */
export const change = (path: string, body: unknown): Promise<unknown> =>
  answerOf<unknown>(path, { method: "PUT", body: JSON.stringify(body) });

/** @param again read again whenever it changes */
export const useRead = <A>(path: string, again?: unknown): Read<A> => {
  const [read, setRead] = useState<Read<A> & { readonly path: string }>({ path });
  useEffect(() => {
    const controller = new AbortController();
    answerOf<A>(path, { signal: controller.signal }).then(
      (value) => setRead({ path, value }),
      (error: unknown) => {
        if (controller.signal.aborted) return;
        setRead((before) => ({
          path,
          problem: unreachable(error),
          ...(before.path === path && before.value !== undefined ? { value: before.value } : {}),
        }));
      },
    );
    return () => controller.abort();
  }, [path, again]);
  return read.path === path ? read : {};
};

export type Feed = { readonly live?: Live; readonly connected: boolean };

export const FeedContext = createContext<Feed>({ connected: true });

export const useLive = (): Feed => useContext(FeedContext);

/** Until it is known: as on this machine. */
export const AboutContext = createContext<About | undefined>(undefined);

/** Which system this is; what only the local platform tells of itself is shown for that alone. */
export const useAbout = (): About | undefined => useContext(AboutContext);

/** Listens for as long as the page is seen. */
export const useFeed = (): Feed => {
  const [feed, setFeed] = useState<Feed>({ connected: true });
  useEffect(() => {
    let source: EventSource | undefined;
    const listen = (): void => {
      source?.close();
      source = undefined;
      if (document.visibilityState === "hidden") return;
      source = new EventSource("/api/live");
      source.onmessage = ({ data }) => setFeed({ connected: true, live: parsed<Live>(String(data)) });
      source.onerror = () => setFeed((before) => ({ ...before, connected: false }));
    };
    listen();
    document.addEventListener("visibilitychange", listen);
    return () => {
      document.removeEventListener("visibilitychange", listen);
      source?.close();
    };
  }, []);
  return feed;
};
