import type { SystemMap } from "../shapes";
import type { Declared } from "./declared";
import { edgesOf } from "./edges";
import { nodesOf } from "./nodes";

export const mapOf = (declared: Declared): SystemMap => {
  const nodes = nodesOf(declared);
  return {
    environment: declared.environment,
    region: declared.region,
    nodes,
    edges: edgesOf(declared, nodes),
  };
};
