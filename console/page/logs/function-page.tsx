import type { FunctionLog, LogEntry } from "../../shapes";
import { useLive, useRead } from "../data";
import { Loaded, Note, Page, Time } from "../parts";
import { go, withQuery } from "../route";
import { timeText } from "../words";

const isBad = (level: string): boolean => level === "error" || level === "warn" || level === "fatal";

const Entry = ({ entry: { at, level, title, text, order } }: { entry: LogEntry }) => (
  <li class={`log ${isBad(level) ? "bad" : "plain"}`}>
    <div class="when">
      <Time at={at} />
      <span class="quiet">{level}</span>
    </div>
    <div class="what">
      <p class="title">
        {title}
        {order !== undefined && (
          <a class="by" href={`/orders/${order}`}>
            order {order}
          </a>
        )}
      </p>
      {text !== "" && <p class="code">{text}</p>}
    </div>
  </li>
);

/** The log of a function, its newest line first. */
export const FunctionPage = ({ name, url }: { name: string; url: URL }) => {
  const { live } = useLive();
  const text = url.searchParams.get("text") ?? "";
  const read = useRead<FunctionLog>(`/api/functions/${name}?text=${encodeURIComponent(text)}`, live?.at);
  return (
    <Page
      title={name}
      aside={
        <a class="back" href="/functions">
          All functions
        </a>
      }
    >
      <div class="filters">
        <input
          type="search"
          aria-label="Text in the log"
          placeholder="An order's id, a request's …"
          value={text}
          onInput={({ currentTarget }) => go(withQuery(url, { text: currentTarget.value }), "replace")}
        />
      </div>
      <Loaded read={read}>
        {({ entries, since }) =>
          entries.length === 0 ? (
            <Note kind="empty">
              {text === "" ? "It has logged nothing" : "It has logged nothing with this text"} since{" "}
              {timeText(since)}.
            </Note>
          ) : (
            <ol class="timeline" aria-label="Log">
              {entries.map((entry, index) => (
                <Entry key={`${entry.at} ${index}`} entry={entry} />
              ))}
            </ol>
          )
        }
      </Loaded>
    </Page>
  );
};
