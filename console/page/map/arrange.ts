import { type EdgeLabel, Graph, type GraphLabel, layout, type NodeLabel } from "@dagrejs/dagre";
import type { Edge, SystemMap } from "../../shapes";

export const NODE = { width: 158, height: 72 } as const;
const ARROW = 4;
const GAP = 16;
const ALONE = { width: NODE.width + 2 * GAP, height: NODE.height + 2 * GAP };

type Point = { readonly x: number; readonly y: number };
export type Placed = { readonly id: string } & Point;
export type Drawn = Edge & { readonly points: ReadonlyArray<Point> };

export type Arranged = {
  readonly width: number;
  readonly height: number;
  readonly nodes: ReadonlyMap<string, Placed>;
  readonly edges: ReadonlyArray<Drawn>;
};

const newGraph = () =>
  new Graph<GraphLabel, NodeLabel, EdgeLabel>()
    .setGraph({ rankdir: "TB", nodesep: GAP, ranksep: 34, edgesep: 12, marginx: GAP, marginy: GAP })
    .setDefaultEdgeLabel(() => ({}));

/** The ends of an edge, side by side along the bottom of what it leaves and the top of what it leads to. */
const ends = (edges: ReadonlyArray<Edge>, nodes: ReadonlyMap<string, Placed>) => {
  const along = (side: "from" | "to", other: "from" | "to") => {
    const places = new Map<Edge, number>();
    for (const [id, same] of Map.groupBy(edges, (edge) => edge[side])) {
      const sorted = same.toSorted((a, b) => (nodes.get(a[other])?.x ?? 0) - (nodes.get(b[other])?.x ?? 0));
      const left = nodes.get(id)?.x ?? 0;
      sorted.forEach((edge, index) =>
        places.set(edge, left + (NODE.width * (index + 1)) / (sorted.length + 1)),
      );
    }
    return places;
  };
  return { leaving: along("from", "to"), arriving: along("to", "from") };
};

/** Places in the lowest row that nothing stands in, from the left. */
const freePlaces = (nodes: Iterable<Placed>, y: number, count: number): ReadonlyArray<number> => {
  const taken = [...nodes].filter((node) => node.y === y).map(({ x }) => x);
  const free: number[] = [];
  for (let x: number = GAP; free.length < count; x += NODE.width + GAP)
    if (taken.every((one) => Math.abs(one - x) >= NODE.width + GAP)) free.push(x);
  return free;
};

/** Where everything stands: what calls above what is called. Where failures go decides no place. */
export const arrange = ({ nodes, edges }: Pick<SystemMap, "nodes" | "edges">): Arranged => {
  const graph = newGraph();
  const laidOut = edges.filter(({ kind }) => kind !== "failure");
  const reached = new Set(laidOut.flatMap(({ from, to }) => [from, to]));
  const connected = nodes.filter(({ id }) => reached.has(id));
  const others = nodes.filter(({ id }) => !reached.has(id));
  for (const { id } of connected) graph.setNode(id, { ...NODE });
  for (const { from, to, kind } of laidOut) graph.setEdge(from, to, { weight: kind === "grant" ? 1 : 4 });
  layout(graph);
  const { width = 0, height = 0 } = connected.length === 0 ? ALONE : graph.graph();
  const placed = new Map<string, Placed>(
    connected.map(({ id }) => {
      const { x = 0, y = 0 } = graph.node(id);
      return [id, { id, x: x - NODE.width / 2, y: y - NODE.height / 2 }];
    }),
  );
  const lowest = height - GAP - NODE.height;
  freePlaces(placed.values(), lowest, others.length).forEach((x, index) => {
    const { id = "" } = others[index] ?? {};
    placed.set(id, { id, x, y: lowest });
  });
  const { leaving, arriving } = ends(edges, placed);
  return {
    width: Math.max(width, ...[...placed.values()].map(({ x }) => x + NODE.width + GAP)),
    height,
    nodes: placed,
    edges: edges.map((edge) => {
      const between =
        edge.kind === "failure" ? [] : (graph.edge(edge.from, edge.to).points ?? []).slice(1, -1);
      const start = { x: leaving.get(edge) ?? 0, y: (placed.get(edge.from)?.y ?? 0) + NODE.height };
      const end = { x: arriving.get(edge) ?? 0, y: (placed.get(edge.to)?.y ?? 0) - ARROW };
      return { ...edge, points: [start, ...between.slice(1, -1), end] };
    }),
  };
};

/** A line that leaves and passes each point straight down. */
export const pathOf = ([first, ...others]: ReadonlyArray<Point>): string => {
  if (first === undefined) return "";
  const curves = others.map((to, index) => {
    const from = others[index - 1] ?? first;
    const bend = Math.max(16, Math.abs(to.y - from.y) / 2);
    return `C${from.x},${from.y + bend} ${to.x},${to.y - bend} ${to.x},${to.y}`;
  });
  return `M${first.x},${first.y} ${curves.join(" ")}`;
};
