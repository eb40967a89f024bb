import { useId, useState } from "preact/hooks";
import type { Chart, ChartLine } from "../../shapes";
import { type Span, SPANS } from "../../spans";
import { isStatus } from "../../statuses";
import { WideTable } from "../table";
import {
  barsOf,
  emptyText,
  HEIGHT,
  lastingOf,
  lineText,
  pathsOf,
  periodWords,
  startText,
  toldPeriods,
  topOf,
  unitText,
  valueText,
} from "./numbers";

type Drawn = { readonly chart: Chart; readonly from: string; readonly span: Span };

/** The field of some lines. Over each period lies what it says, for the pointer. */
const Plot = ({ chart, from, span, lines }: Drawn & { readonly lines: ReadonlyArray<ChartLine> }) => {
  const top = topOf(chart);
  const { periods } = SPANS[span];
  return (
    <div class="plot">
      <span class="top" aria-hidden="true">
        {top === 0 ? "" : valueText(chart, top)}
      </span>
      <svg
        viewBox={`0 -3 ${periods} ${HEIGHT + 6}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={lines.map((line) => lineText(chart, line, span)).join("; ")}
      >
        <path class="base" d={`M0 ${HEIGHT}H${periods}`} />
        {lines.map((line, index) =>
          chart.kind === "counts" ? (
            <g key={line.label} class={`bars ${isStatus(line.label) ? line.label : ""}`}>
              {barsOf(line, top).map((bar) => (
                <rect key={bar.x} {...bar} />
              ))}
            </g>
          ) : (
            <g key={line.label} class={`line nth-${index}`}>
              <path d={pathsOf(line, top).line} />
              <path class="dots" d={pathsOf(line, top).dots} />
            </g>
          ),
        )}
        {Array.from({ length: periods }, (_, period) => (
          <rect key={period} class="period" x={period} y="0" width="1" height={HEIGHT}>
            <title>{`${startText(from, span, period)}: ${periodWords({ ...chart, lines }, period)}`}</title>
          </rect>
        ))}
      </svg>
      <p class="axis" aria-hidden="true">
        <span>{startText(from, span, 0)}</span>
        <span>now</span>
      </p>
    </div>
  );
};

const lastingText = (chart: Chart, line: ChartLine): string =>
  line.values === undefined ? "?" : valueText(chart, lastingOf(chart, line));

/** Counts have a field each, side by side and of one scale: no colour is needed to tell them apart. */
const Counts = (drawn: Drawn) => (
  <ul class="panels">
    {drawn.chart.lines.map((line) => (
      <li key={line.label}>
        <p class="labels">
          {line.label} <strong>{lastingText(drawn.chart, line)}</strong>
        </p>
        <Plot {...drawn} lines={[line]} />
      </li>
    ))}
  </ul>
);

const Values = (drawn: Drawn) => {
  const { chart, span } = drawn;
  const empty = emptyText(chart, span);
  return (
    <>
      <ul class="labels">
        {chart.lines.map((line, index) => (
          <li key={line.label}>
            <svg class="sample" viewBox="0 0 28 8" aria-hidden="true">
              <path class={`line nth-${index}`} d="M2 4H26" />
            </svg>
            {line.label} <strong>{lastingText(chart, line)}</strong>
          </li>
        ))}
      </ul>
      {empty === undefined ? <Plot {...drawn} lines={chart.lines} /> : <p class="nothing">{empty}</p>}
    </>
  );
};

const Rows = ({ chart, from, span }: Drawn) => (
  <WideTable
    name={`Numbers of: ${chart.title}`}
    columns={[["Since"], ...chart.lines.map(({ label }) => [label, "number"] as const)]}
  >
    {toldPeriods(chart).map((period) => (
      <tr key={period}>
        <th scope="row">{startText(from, span, period)}</th>
        {chart.lines.map(({ label, values = [] }) => (
          <td key={label} class="number">
            {valueText(chart, values[period])}
          </td>
        ))}
      </tr>
    ))}
  </WideTable>
);

/** A chart, with its numbers as a table on request. */
export const ChartOf = (drawn: Drawn) => {
  const { chart, span } = drawn;
  const id = useId();
  const [open, setOpen] = useState(false);
  return (
    <section
      class={`chart ${chart.kind} ${chart.kind === "counts" && chart.lines.length > 2 ? "wide" : ""}`}
      aria-labelledby={id}
    >
      <h2 id={id}>{chart.title}</h2>
      <p class="quiet">{unitText(chart, span)}</p>
      {chart.kind === "counts" ? <Counts {...drawn} /> : <Values {...drawn} />}
      {toldPeriods(chart).length > 0 && (
        <details class="content" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
          <summary>Numbers</summary>
          {open && <Rows {...drawn} />}
        </details>
      )}
    </section>
  );
};
