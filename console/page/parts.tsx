/** What several pages are made of. */
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import type { Problems } from "../shapes";
import { isStatus } from "../statuses";
import { type Read, useLive } from "./data";
import { timeText } from "./words";

type Children = { readonly children?: ComponentChildren };

/** On every page, for as long as it lasts. */
const HaltNote = () => {
  const halt = useLive().live?.halt;
  return (
    <div role="status">
      {halt !== undefined && (
        <p class="note halted">
          <strong>Trading is halted</strong> since <Time at={halt.since} />: {halt.reason}. Nothing is sent to
          the auction; new orders are {halt.intake === "open" ? "taken and wait" : "refused"}.
        </p>
      )}
    </div>
  );
};

/** What is the same for all pages: each of them is read again, less and less often. */
const TroubleNote = () => {
  const trouble = useLive().live?.trouble;
  return (
    <div role="status">
      {trouble !== undefined && (
        <p class="note problem">{trouble}. It is asked again, less and less often until it answers.</p>
      )}
    </div>
  );
};

/** What of a page could not be read, and why. */
export const Missing = ({ problems }: { problems: Problems }) => (
  <>
    {problems.map((problem) => (
      <Note key={problem} kind="problem">
        Not all of it could be read: {problem}
      </Note>
    ))}
  </>
);

export const Page = ({ title, aside, children }: Children & { title: string; aside?: ComponentChildren }) => {
  useEffect(() => {
    document.title = `${title} · Orders platform`;
  }, [title]);
  return (
    <main id="main" tabIndex={-1}>
      <HaltNote />
      <TroubleNote />
      <header class="head">
        <h1>{title}</h1>
        {aside}
      </header>
      {children}
    </main>
  );
};

export const Note = ({ kind, children }: Children & { kind: "problem" | "empty" | "loading" }) => (
  <div class={`note ${kind}`} role={kind === "problem" ? "alert" : "status"}>
    {children}
  </div>
);

/** What was read, or why it could not be, or that it is being read. */
export const Loaded = <A,>({
  read,
  children,
}: {
  read: Read<A>;
  children: (value: A) => ComponentChildren;
}) => (
  <>
    {read.problem !== undefined && <Note kind="problem">{read.problem}</Note>}
    {read.value !== undefined && children(read.value)}
    {read.value === undefined && read.problem === undefined && <Note kind="loading">Loading …</Note>}
  </>
);

export const Badge = ({ status }: { status: string }) => (
  <span class={`badge ${isStatus(status) ? status : status.toLowerCase()}`}>{status.toLowerCase()}</span>
);

/** A text that may be long: JSON is laid out, and the whole of it can be opened. */
export const Content = ({ name, text }: { name: string; text: string }) => (
  <details class="content">
    <summary>{name}</summary>
    <pre tabIndex={0}>{laidOut(text)}</pre>
  </details>
);

const laidOut = (text: string): string => {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
};

export const Time = ({ at }: { at: string }) => (
  <time dateTime={at} title={at}>
    {timeText(at)}
  </time>
);
