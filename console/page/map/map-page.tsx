import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { type Edge, type Kind, KINDS, type NodeState, type SystemMap, type SystemNode } from "../../shapes";
import { useLive, useRead } from "../data";
import { Loaded, Note, Page } from "../parts";
import { go, withQuery } from "../route";
import { arrange, type Drawn, NODE, pathOf, type Placed } from "./arrange";
import { ARROW_HEAD, ArrowHead } from "./arrow-head";
import { NodeDetails } from "./node-details";

const KIND_NAMES: Readonly<Record<Kind, string>> = {
  schedule: "schedule",
  api: "API",
  function: "function",
  machine: "state machine",
  queue: "queue",
  topic: "topic",
  table: "table",
  bucket: "bucket",
};

/** A name without what all names of the environment begin with. */
const shortName = (name: string, environment: string): string =>
  name.startsWith(`${environment}-`) ? name.slice(environment.length + 1) : name;

type NodeProps = {
  readonly node: SystemNode;
  readonly state: NodeState | undefined;
  readonly halted: boolean;
  readonly environment: string;
  readonly url: URL;
};

const NodeLink = ({ node, state, halted, environment, url }: NodeProps) => {
  const open = url.searchParams.get("node") === node.id;
  return (
    <a
      class={`node ${node.kind} ${state?.tone ?? "idle"} ${halted ? "halted" : ""}`}
      href={withQuery(url, { node: node.id })}
      aria-current={open ? "true" : undefined}
    >
      <span class="kind">{halted ? `${KIND_NAMES[node.kind]}, halted` : KIND_NAMES[node.kind]}</span>
      <span class="name" title={node.name}>
        {shortName(node.name, environment)}
      </span>
      {(state?.problem === undefined ? (state?.facts ?? []) : ["cannot be read"]).map((fact) => (
        <span class="fact" key={fact}>
          {fact}
        </span>
      ))}
    </a>
  );
};

const boxOf = ({ x, y }: Placed = { id: "", x: 0, y: 0 }) => ({
  left: `${x}px`,
  top: `${y}px`,
  width: `${NODE.width}px`,
  height: `${NODE.height}px`,
});

type LineProps = { readonly edge: Drawn<Edge>; readonly open: string | null; readonly halted: boolean };

const Line = ({ edge, open, halted }: LineProps) => (
  <path
    class={`edge ${edge.kind} ${halted ? "halted" : ""} ${edge.from === open || edge.to === open ? "near" : ""}`}
    d={pathOf(edge.points)}
    marker-end={ARROW_HEAD}
  />
);

/** Smaller letters than these are hard to read: what is wider still is scrolled. */
const SMALLEST = 0.78;

/** How much smaller the map is drawn, so that all of its width is seen. */
const useScale = (width: number) => {
  const frame = useRef<HTMLDivElement>(null);
  const [scale, setScale] = useState(1);
  useLayoutEffect(() => {
    const { current } = frame;
    if (current === null) return undefined;
    const fit = (): void => setScale(Math.max(SMALLEST, Math.min(1, current.clientWidth / width)));
    const observer = new ResizeObserver(fit);
    observer.observe(current);
    return () => observer.disconnect();
  }, [width]);
  return { frame, scale };
};

const Graph = ({ map, url }: { map: SystemMap; url: URL }) => {
  const { live } = useLive();
  const { width, height, nodes, edges } = useMemo(() => arrange(map.nodes, map.edges, NODE), [map]);
  const { frame, scale } = useScale(width);
  const open = url.searchParams.get("node");
  const failures = url.searchParams.get("failures") === "shown";
  const halted = new Set(live?.halt?.path);
  return (
    <div class="graph" role="region" aria-label="The system" tabIndex={0} ref={frame}>
      <div class="frame" style={{ width: `${width * scale}px`, height: `${height * scale}px` }}>
        <div
          class="canvas"
          style={{ width: `${width}px`, height: `${height}px`, transform: `scale(${scale})` }}
        >
          <svg width={width} height={height} aria-hidden="true">
            <ArrowHead />
            {edges
              .filter(({ kind, from, to }) => failures || kind !== "failure" || from === open || to === open)
              .map((edge) => (
                <Line
                  key={`${edge.from} ${edge.to}`}
                  edge={edge}
                  open={open}
                  halted={halted.has(edge.from) && halted.has(edge.to)}
                />
              ))}
          </svg>
          <ul>
            {KINDS.flatMap((kind) => map.nodes.filter((node) => node.kind === kind)).map((node) => (
              <li key={node.id} style={boxOf(nodes.get(node.id))}>
                <NodeLink
                  node={node}
                  state={live?.nodes[node.id]}
                  halted={halted.has(node.id)}
                  environment={map.environment}
                  url={url}
                />
              </li>
            ))}
          </ul>
        </div>
      </div>
    </div>
  );
};

const Legend = ({ url }: { url: URL }) => {
  const failures = url.searchParams.get("failures") === "shown";
  return (
    <ul class="legend" aria-label="Lines">
      <li class="event">calls or delivers</li>
      <li class="grant">may read or write</li>
      <li class="failure">
        <a href={withQuery(url, { failures: failures ? "" : "shown" })}>
          {failures ? "hide" : "show"} where failures go
        </a>
      </li>
    </ul>
  );
};

export const MapPage = ({ url }: { url: URL }) => {
  const { live } = useLive();
  const read = useRead<SystemMap>("/api/map");
  const open = url.searchParams.get("node");
  const node = read.value?.nodes.find(({ id }) => id === open);
  const environment = read.value?.environment;
  return (
    <Page
      title="Map"
      aside={
        <>
          {environment !== undefined && <span class="quiet">{environment}</span>}
          <Legend url={url} />
        </>
      }
    >
      <Loaded read={read}>
        {(map) =>
          map.nodes.length === 0 ? (
            <Note kind="empty">The stack declares nothing that runs.</Note>
          ) : (
            <div
              class="map"
              onKeyDown={({ key }) => {
                if (key === "Escape") go(withQuery(url, { node: "" }));
              }}
            >
              <Graph map={map} url={url} />
              {node !== undefined && (
                <NodeDetails
                  node={node}
                  map={map}
                  state={live?.nodes[node.id]}
                  kind={KIND_NAMES[node.kind]}
                  closing={withQuery(url, { node: "" })}
                />
              )}
            </div>
          )
        }
      </Loaded>
    </Page>
  );
};
