import type { MetricsPage as Read } from "../../shapes";
import { isSpan, type Span, SPANS } from "../../spans";
import { useLive, useRead } from "../data";
import { Loaded, Missing, Note, Page } from "../parts";
import { withQuery } from "../route";
import { AwardedTable } from "./awarded-table";
import { ChartOf } from "./chart";

const Spans = ({ url, span }: { url: URL; span: Span }) => (
  <div class="filters">
    <ul class="tabs" aria-label="In the last">
      {Object.entries(SPANS).map(([key, { name }]) => (
        <li key={key}>
          <a
            href={withQuery(url, { span: key === "1h" ? "" : key })}
            aria-current={key === span ? "true" : undefined}
          >
            {name}
          </a>
        </li>
      ))}
    </ul>
  </div>
);

const Shown = ({ read, span }: { read: Read; span: Span }) => {
  const { from, charts, undrawn, awarded, problems } = read;
  return (
    <>
      <Missing problems={problems} />
      {charts.length === 0 && <Note kind="empty">The stack declares no dashboard.</Note>}
      <div class="charts">
        {charts.map((chart) => (
          <ChartOf key={chart.title} chart={chart} from={from} span={span} />
        ))}
      </div>
      {undrawn.length > 0 && (
        <p class="quiet">The dashboard in CloudWatch alone draws: {undrawn.join(", ")}.</p>
      )}
      <h2>Awarded power by product</h2>
      {awarded !== undefined && <AwardedTable awarded={awarded} span={span} />}
    </>
  );
};

/** What the environment's dashboard draws, and the power that was awarded by product. */
export const MetricsPage = ({ url }: { url: URL }) => {
  const { live } = useLive();
  const asked = url.searchParams.get("span") ?? "1h";
  const span = isSpan(asked) ? asked : "1h";
  // An hour's bars need no reading each second: "2026-03-01T12:00:0" holds for ten.
  const read = useRead<Read>(`/api/metrics?span=${span}`, live?.at.slice(0, 18));
  return (
    <Page
      title="Metrics"
      aside={
        <>
          <span class="quiet">in the last {SPANS[span].name}</span>
          {read.value?.dashboard !== undefined && (
            <a class="back" href={read.value.dashboard}>
              Dashboard in CloudWatch
            </a>
          )}
        </>
      }
    >
      <Spans url={url} span={span} />
      <Loaded read={read}>{(value) => <Shown read={value} span={span} />}</Loaded>
    </Page>
  );
};
