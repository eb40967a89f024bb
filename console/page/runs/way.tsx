import { useMemo } from "preact/hooks";
import type { RunDetails } from "../../shapes";
import { arrange, pathOf } from "../map/arrange";
import { ARROW_HEAD, ArrowHead } from "../map/arrow-head";

const STATE = { width: 132, height: 34 } as const;

/** From which state the run went to which. */
const taken = ({ steps }: RunDetails): ReadonlySet<string> =>
  new Set(steps.slice(1).map(({ state }, index) => `${steps[index]?.state ?? ""} ${state}`));

const toneOf = ({ steps }: RunDetails, name: string): string => {
  const last = steps.findLast(({ state }) => state === name);
  if (last === undefined) return "passed-by";
  if (last.exited_at === undefined && last.error === undefined) return "here";
  return last.error === undefined ? "done" : "failed";
};

const SAID: Readonly<Record<string, string>> = {
  "passed-by": "not entered",
  here: "here now",
  done: "done",
  failed: "failed",
};

/** The state machine as a graph, with the way that the run took. */
export const Way = ({ details }: { details: RunDetails }) => {
  const { states, edges } = details;
  const {
    width,
    height,
    nodes,
    edges: drawn,
  } = useMemo(
    () =>
      arrange(
        states.map(({ name }) => ({ id: name })),
        edges,
        STATE,
      ),
    [JSON.stringify(states), JSON.stringify(edges)],
  );
  const way = taken(details);
  if (states.length === 0) return null;
  return (
    <section class="graph way" aria-label="States" tabIndex={0}>
      <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img">
        <title>{states.map(({ name }) => `${name}: ${SAID[toneOf(details, name)] ?? ""}`).join("; ")}</title>
        <ArrowHead />
        {drawn.map(({ from, to, failure, points }) => (
          <path
            key={`${from} ${to}`}
            class={`edge ${failure ? "failure" : "grant"} ${way.has(`${from} ${to}`) ? "near" : ""}`}
            d={pathOf(points)}
            marker-end={ARROW_HEAD}
          />
        ))}
        {states.map(({ name }) => {
          const { x = 0, y = 0 } = nodes.get(name) ?? {};
          return (
            <g key={name} class={`state ${toneOf(details, name)}`}>
              <rect x={x} y={y} width={STATE.width} height={STATE.height} rx="7" />
              <text x={x + STATE.width / 2} y={y + STATE.height / 2 + 4} text-anchor="middle">
                {name}
              </text>
            </g>
          );
        })}
      </svg>
    </section>
  );
};
