/** How every node of the map stands now. */
import * as RA from "fp-ts/ReadonlyArray";
import { reasonOf } from "../../lib/thrown";
import { reasonsOf, Unread } from "../aws/unread";
import { checkpointsTable, type Context, ordersTable } from "../context";
import type { Count, Halt, Live, NodeState, SystemNode } from "../shapes";
import { countsOfFunction } from "./functions";
import { readHalt } from "./halt";
import { countOrders, isInFlight } from "./orders";
import { deadLetterQueues, depthOf, oldestOf } from "./queues";
import { latestRuns } from "./runs";

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

const MINUTES = 5;

const queueState = async (context: Context, { id, name }: SystemNode): Promise<NodeState> => {
  const dead = deadLetterQueues(context).has(id);
  const [{ waiting, inFlight, delayed }, age] = await Promise.all([
    depthOf(context, name),
    oldestOf(context, name),
  ]);
  const depth = waiting + inFlight + delayed;
  return {
    tone: depth === 0 ? "idle" : dead ? "bad" : "busy",
    facts: dead
      ? [plural(depth, "dead letter")]
      : [
          `${waiting + delayed} waiting`,
          `${inFlight} in flight`,
          ...(depth === 0 || age === undefined || age === 0 ? [] : [`oldest ${age.toFixed(0)} s`]),
        ],
  };
};

const functionState = async (context: Context, { name }: SystemNode): Promise<NodeState> => {
  const { calls, errors } = await countsOfFunction(context, name, MINUTES);
  return {
    tone: errors > 0 ? "bad" : calls > 0 ? "busy" : "idle",
    facts: [`${plural(calls, "call")} in ${MINUTES} min`, ...(errors > 0 ? [plural(errors, "error")] : [])],
  };
};

const machineState = async (context: Context, { name }: SystemNode): Promise<NodeState> => {
  const { running, failed, looked } = await latestRuns(context, name);
  return {
    tone: failed > 0 ? "bad" : running > 0 ? "busy" : "idle",
    facts: [`${running} running`, `${failed} of the last ${looked} failed`],
  };
};

const countText = ({ status, count, more }: Count): string => `${count}${more ? "+" : ""} ${status}`;

/** Two to a line: there is little room at a node. */
const inPairs = (facts: ReadonlyArray<string>): ReadonlyArray<string> =>
  RA.chunksOf(2)(facts).map((pair) => pair.join(", "));

const tableState = (
  context: Context,
  { name }: SystemNode,
  counts: ReadonlyArray<Count> | undefined,
): NodeState => {
  if (name !== ordersTable(context) || counts === undefined) return { tone: "idle", facts: [] };
  const known = counts.filter(({ count }) => count > 0);
  return {
    tone: known.some(({ status }) => isInFlight(status)) ? "busy" : "idle",
    facts: known.length === 0 ? ["no orders"] : inPairs(known.map(countText)),
  };
};

type Reading = {
  readonly counts: Promise<ReadonlyArray<Count> | undefined>;
  readonly halt: Promise<Halt | undefined>;
};

const checkpointsState = (halt: Halt | undefined): NodeState => ({
  tone: "idle",
  facts: halt === undefined ? [] : ["trading is halted"],
});

const stateOf = async (context: Context, node: SystemNode, { counts, halt }: Reading): Promise<NodeState> => {
  switch (node.kind) {
    case "queue":
      return queueState(context, node);
    case "function":
      return functionState(context, node);
    case "machine":
      return machineState(context, node);
    case "table":
      return node.name === checkpointsTable(context)
        ? checkpointsState(await halt)
        : tableState(context, node, await counts);
    case "schedule":
      return {
        tone: "idle",
        facts: node.settings.filter(([name]) => name === "when").map(([, when]) => when),
      };
    case "api":
    case "topic":
    case "bucket":
      return { tone: "idle", facts: [] };
  }
};

const countsOf = async (context: Context): Promise<ReadonlyArray<Count> | undefined> =>
  ordersTable(context) === undefined ? undefined : countOrders(context);

const unknownState = (why: unknown): NodeState => ({ tone: "bad", facts: [], problem: reasonOf(why) });

/** What is no matter of one node: a permission may be missing for one of them. */
const troubleIn = (states: ReadonlyArray<PromiseSettledResult<unknown>>): string | undefined =>
  reasonsOf(
    states
      .flatMap((one): ReadonlyArray<unknown> => (one.status === "rejected" ? [one.reason] : []))
      .filter((why) => why instanceof Unread && why.why !== "denied"),
  )[0];

/** What cannot be read is said at its node, and spoils no other. */
export const readLive = async (context: Context): Promise<Live> => {
  const counts = countsOf(context);
  const halt = readHalt(context);
  for (const reading of [counts, halt]) reading.catch(() => undefined);
  const states = await Promise.allSettled(
    context.map.nodes.map((node) => stateOf(context, node, { counts, halt })),
  );
  const trouble = troubleIn(states);
  const halted = await halt.catch(() => undefined);
  return {
    at: new Date().toISOString(),
    ...(halted === undefined ? {} : { halt: halted }),
    ...(trouble === undefined ? {} : { trouble }),
    nodes: Object.fromEntries(
      context.map.nodes.map(({ id }, index) => {
        const state = states[index];
        return [id, state?.status === "fulfilled" ? state.value : unknownState(state?.reason)];
      }),
    ),
    orders: await counts.catch(() => undefined),
  };
};
