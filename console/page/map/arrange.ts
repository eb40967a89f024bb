import { type EdgeLabel, Graph, type GraphLabel, layout, type NodeLabel } from "@dagrejs/dagre";
import type { Edge } from "../../shapes";

export const NODE = { width: 158, height: 86 } as const;
export type Size = { readonly width: number; readonly height: number };

const ARROW = 4;
const GAP = 16;

type Point = { readonly x: number; readonly y: number };
export type Placed = { readonly id: string } & Point;
/** An edge as far as its place depends on it: where failures go decides no place. */
export type Line = Pick<Edge, "from" | "to"> & { readonly kind?: string };
export type Drawn<E> = E & { readonly points: ReadonlyArray<Point> };

const alone = ({ width, height }: Size): Size => ({ width: width + 2 * GAP, height: height + 2 * GAP });

const newGraph = () =>
  new Graph<GraphLabel, NodeLabel, EdgeLabel>()
    .setGraph({ rankdir: "TB", nodesep: GAP, ranksep: 34, edgesep: 12, marginx: GAP, marginy: GAP })
    .setDefaultEdgeLabel(() => ({}));

/** The ends of an edge, side by side along what it leaves and what it leads to. */
const ends = <E extends Line>(edges: ReadonlyArray<E>, nodes: ReadonlyMap<string, Placed>, width: number) => {
  const along = (side: "from" | "to", other: "from" | "to") => {
    const places = new Map<E, number>();
    for (const [id, same] of Map.groupBy(edges, (edge) => edge[side])) {
      const sorted = same.toSorted((a, b) => (nodes.get(a[other])?.x ?? 0) - (nodes.get(b[other])?.x ?? 0));
      const left = nodes.get(id)?.x ?? 0;
      sorted.forEach((edge, index) => places.set(edge, left + (width * (index + 1)) / (sorted.length + 1)));
    }
    return places;
  };
  return { leaving: along("from", "to"), arriving: along("to", "from") };
};

/** Places in the lowest row that nothing stands in, from the left. */
const freePlaces = (
  nodes: Iterable<Placed>,
  y: number,
  count: number,
  width: number,
): ReadonlyArray<number> => {
  const taken = [...nodes].filter((node) => node.y === y).map(({ x }) => x);
  const free: number[] = [];
  for (let x: number = GAP; free.length < count; x += width + GAP)
    if (taken.every((one) => Math.abs(one - x) >= width + GAP)) free.push(x);
  return free;
};

/** Where everything stands: what calls above what is called. Where failures go decides no place. */
export const arrange = <E extends Line>(
  nodes: ReadonlyArray<{ readonly id: string }>,
  edges: ReadonlyArray<E>,
  size: Size,
) => {
  const graph = newGraph();
  const laidOut = edges.filter(({ kind }) => kind !== "failure");
  const reached = new Set(laidOut.flatMap(({ from, to }) => [from, to]));
  const connected = nodes.filter(({ id }) => reached.has(id));
  const others = nodes.filter(({ id }) => !reached.has(id));
  for (const { id } of connected) graph.setNode(id, { ...size });
  for (const { from, to, kind } of laidOut) graph.setEdge(from, to, { weight: kind === "grant" ? 1 : 4 });
  layout(graph);
  const { width = 0, height = 0 } = connected.length === 0 ? alone(size) : graph.graph();
  const placed = new Map<string, Placed>(
    connected.map(({ id }) => {
      const { x = 0, y = 0 } = graph.node(id);
      return [id, { id, x: x - size.width / 2, y: y - size.height / 2 }];
    }),
  );
  const lowest = height - GAP - size.height;
  freePlaces(placed.values(), lowest, others.length, size.width).forEach((x, index) => {
    const { id = "" } = others[index] ?? {};
    placed.set(id, { id, x, y: lowest });
  });
  const { leaving, arriving } = ends(edges, placed, size.width);
  return {
    width: Math.max(width, ...[...placed.values()].map(({ x }) => x + size.width + GAP)),
    height,
    nodes: placed,
    edges: edges.map((edge) => {
      const between =
        edge.kind === "failure" ? [] : (graph.edge(edge.from, edge.to).points ?? []).slice(1, -1);
      const from = placed.get(edge.from)?.y ?? 0;
      const to = placed.get(edge.to)?.y ?? 0;
      const up = to < from;
      const start = { x: leaving.get(edge) ?? 0, y: up ? from : from + size.height };
      const end = { x: arriving.get(edge) ?? 0, y: up ? to + size.height + ARROW : to - ARROW };
      return { ...edge, points: [start, ...between.slice(1, -1), end] };
    }),
  };
};

/** A line that leaves and passes each point upright. */
export const pathOf = ([first, ...others]: ReadonlyArray<Point>): string => {
  if (first === undefined) return "";
  const curves = others.map((to, index) => {
    const from = others[index - 1] ?? first;
    const bend = Math.sign(to.y - from.y) * Math.max(16, Math.abs(to.y - from.y) / 2);
    return `C${from.x},${from.y + bend} ${to.x},${to.y - bend} ${to.x},${to.y}`;
  });
  return `M${first.x},${first.y} ${curves.join(" ")}`;
};
