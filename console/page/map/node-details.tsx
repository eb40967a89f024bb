import type { Edge, EdgeKind, Kind, NodeState, SystemMap, SystemNode } from "../../shapes";
import { useAbout } from "../data";
import { Note } from "../parts";

const VERBS: Readonly<Record<EdgeKind, readonly [out: string, into: string]>> = {
  route: ["calls", "is called by"],
  event: ["hands messages to", "gets messages of"],
  subscription: ["delivers to", "gets messages of"],
  schedule: ["starts", "is started by"],
  grant: ["may use", "may be used by"],
  failure: ["sends what fails to", "gets what fails of"],
};

/** Where more of it is shown. */
const PAGE_OF: Readonly<Partial<Record<Kind, (name: string) => string>>> = {
  function: (name) => `/functions/${name}`,
  machine: () => "/runs",
  queue: () => "/queues",
};

const Connection = ({ edge, of, map }: { edge: Edge; of: string; map: SystemMap }) => {
  const other = edge.from === of ? edge.to : edge.from;
  const name = map.nodes.find(({ id }) => id === other)?.name ?? other;
  return (
    <li>
      <span class="quiet">{VERBS[edge.kind][edge.from === of ? 0 : 1]}</span>{" "}
      <a href={`/?node=${encodeURIComponent(other)}`}>{name}</a>
      {edge.labels.length > 0 && <span class="code labels">{edge.labels.join(", ")}</span>}
    </li>
  );
};

type Props = {
  readonly node: SystemNode;
  readonly map: SystemMap;
  readonly state: NodeState | undefined;
  readonly kind: string;
  /** Where the link that closes it leads. */
  readonly closing: string;
};

export const NodeDetails = ({ node, map, state, kind, closing }: Props) => {
  const local = useAbout()?.local === true;
  const edges = map.edges.filter(({ from, to }) => from === node.id || to === node.id);
  const page = PAGE_OF[node.kind]?.(node.name);
  const elsewhere = node.grants.filter(({ on }) => !map.nodes.some(({ id }) => id === on));
  return (
    <aside class="details" aria-label={node.name}>
      <header>
        <h2>{node.name}</h2>
        <a class="close" href={closing} aria-label="Close the details">
          ✕
        </a>
      </header>
      <p class="quiet">
        {kind} · <span class="code">{node.id}</span>
      </p>
      {page !== undefined && (
        <p>
          <a href={page}>Open its page</a>
        </p>
      )}
      {node.kind === "function" && (
        <p>
          <a href={`/permissions?role=${encodeURIComponent(node.name)}`}>
            Its grants{local && ", used and unused"}
          </a>
        </p>
      )}
      {state?.problem !== undefined && <Note kind="problem">{state.problem}</Note>}
      {(state?.facts ?? []).length > 0 && (
        <section>
          <h3>Now</h3>
          <ul>
            {state?.facts.map((fact) => (
              <li key={fact}>{fact}</li>
            ))}
          </ul>
        </section>
      )}
      {node.settings.length > 0 && (
        <section>
          <h3>Configuration</h3>
          <dl>
            {node.settings.map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </section>
      )}
      {edges.length > 0 && (
        <section>
          <h3>Connections</h3>
          <ul class="connections">
            {edges.map((edge) => (
              <Connection key={`${edge.from} ${edge.to}`} edge={edge} of={node.id} map={map} />
            ))}
          </ul>
        </section>
      )}
      {elsewhere.length > 0 && (
        <section>
          <h3>Other grants</h3>
          <ul>
            {elsewhere.map(({ actions, on }) => (
              <li key={`${on} ${actions.join()}`}>
                <span class="code">{actions.join(", ")}</span> <span class="quiet">on {on}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </aside>
  );
};
