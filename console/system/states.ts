/** A state machine's definition as a graph. */
import * as t from "io-ts";
import type { RunDetails, StateEdge } from "../shapes";
import { type Declared, textOf } from "./declared";
import { nameOf } from "./nodes";

const Next = t.type({ Next: t.string });
const State = t.intersection([
  t.type({ Type: t.string }),
  t.partial({ Next: t.string, Default: t.string, Choices: t.array(Next), Catch: t.array(Next) }),
]);
const Definition = t.type({ States: t.record(t.string, State) });

export type States = Pick<RunDetails, "states" | "edges">;

const edgesFrom = (from: string, state: t.TypeOf<typeof State>): ReadonlyArray<StateEdge> => {
  const failures = new Set((state.Catch ?? []).map(({ Next: to }) => to));
  const next = [state.Next, state.Default, ...(state.Choices ?? []).map(({ Next: to }) => to)];
  const plain = new Set(next.filter((to) => to !== undefined));
  return [
    ...[...plain].map((to) => ({ from, to, failure: false })),
    ...[...failures].filter((to) => !plain.has(to)).map((to) => ({ from, to, failure: true })),
  ];
};

/** Of the machine of that name; without states where its definition is not one. */
export const statesOf = (declared: Declared, machine: string): States => {
  const resource = declared.ofType("aws_sfn_state_machine").find((one) => nameOf(one) === machine);
  const text = resource === undefined ? undefined : textOf(resource, "definition");
  const definition: unknown = text === undefined ? undefined : JSON.parse(text);
  if (!Definition.is(definition)) return { states: [], edges: [] };
  const states = Object.entries(definition.States);
  return {
    states: states.map(([name, { Type: type }]) => ({ name, type })),
    edges: states.flatMap(([name, state]) => edgesFrom(name, state)),
  };
};
