import * as fc from "fast-check";
import { arrange, NODE, pathOf } from "../../../../console/page/map/arrange";

const nodeNamed = (id: string) => ({ id, kind: "function" as const, name: id, settings: [], grants: [] });
const edgeBetween = (from: string, to: string, kind: "grant" | "failure" = "grant") => ({
  from,
  to,
  kind,
  labels: [],
});

const maps = fc.integer({ min: 1, max: 12 }).chain((count) => {
  const index = fc.integer({ min: 0, max: count - 1 });
  return fc.record({
    nodes: fc.constant(Array.from({ length: count }, (_, id) => nodeNamed(`n${id}`))),
    edges: fc
      .uniqueArray(fc.tuple(index, index, fc.constantFrom("grant" as const, "failure" as const)), {
        selector: ([from, to]) => `${from} ${to}`,
      })
      .map((some) =>
        some
          .filter(([from, to]) => from !== to)
          .map(([from, to, kind]) => edgeBetween(`n${from}`, `n${to}`, kind)),
      ),
  });
});

it("places every node, none on another, and draws every edge", () => {
  fc.assert(
    fc.property(maps, ({ nodes, edges }) => {
      const { nodes: placed, edges: drawn } = arrange(nodes, edges, NODE);
      const places = [...placed.values()];
      expect(places).toHaveLength(nodes.length);
      for (const [index, one] of places.entries())
        for (const other of places.slice(index + 1))
          expect(Math.abs(one.x - other.x) >= NODE.width || Math.abs(one.y - other.y) >= NODE.height).toBe(
            true,
          );
      for (const { points } of drawn) expect(pathOf(points)).toMatch(/^M[-\d.]+,[-\d.]+ C[-\d.,C ]+$/);
    }),
    { numRuns: 50 },
  );
});
