/** The system as its stack declares it, as Mermaid text, which GitHub draws. */
import type { Edge, EdgeKind, Kind, SystemMap, SystemNode } from "../../console/shapes";

/** What a node of a service looks like. */
const SHAPES: Readonly<Record<Kind, readonly [open: string, close: string]>> = {
  api: ["([", "])"],
  function: ["[", "]"],
  queue: ["[[", "]]"],
  topic: ["{{", "}}"],
  table: ["[(", ")]"],
  bucket: ["[(", ")]"],
  machine: ["[/", "/]"],
  schedule: ["((", "))"],
};

const ARROWS: Readonly<Record<Exclude<EdgeKind, "failure">, string>> = {
  route: "==>",
  event: "==>",
  subscription: "==>",
  schedule: "==>",
  grant: "-->",
};

/** `aws_sqs_queue.orders_queue` is `orders_queue`. */
const idOf = (address: string): string => address.split(".")[1] ?? address;

const shape = ({ id, kind, name }: SystemNode, environment: string): string => {
  const [open, close] = SHAPES[kind];
  const short = name.replace(new RegExp(`^${environment}-`), "").replace(/-\d{12}$|-\$\{.*\}$/, "");
  return `  ${kind}_${idOf(id)}${open}"${short}<br><i>${kind}</i>"${close}`;
};

/** Where messages and events go that could not be worked on: they would be half of the lines, and say one thing. */
const isShown = (edge: Edge): edge is Edge & { readonly kind: Exclude<EdgeKind, "failure"> } =>
  edge.kind !== "failure";

/** A grant to read alone is an arrow from what is read. */
const READS = /:(Get|BatchGet|Query|List|Describe|Receive|PartiQLSelect|Scan|Head)/;

const isRead = ({ kind, labels }: Edge): boolean =>
  kind === "grant" && labels.length > 0 && labels.every((action) => READS.test(action));

export const mermaid = ({ environment, nodes, edges }: SystemMap): string => {
  const kinds = new Map(nodes.map(({ id, kind }) => [id, kind]));
  const named = (id: string): string => `${kinds.get(id) ?? ""}_${idOf(id)}`;
  const shown = edges.filter(isShown);
  const joined = new Set(shown.flatMap(({ from, to }) => [from, to]));
  const lines = shown.map((edge) => {
    const [from, to] = isRead(edge) ? [edge.to, edge.from] : [edge.from, edge.to];
    const label = edge.kind === "route" ? `|"${edge.labels.join("<br>")}"|` : "";
    return `  ${named(from)} ${ARROWS[edge.kind]}${label} ${named(to)}`;
  });
  return [
    "flowchart LR",
    ...nodes.filter(({ id }) => joined.has(id)).map((node) => shape(node, environment)),
    ...new Set(lines),
  ].join("\n");
};
