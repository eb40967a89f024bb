/** What the server answers and the pages show. */
import type { Order } from "./reads/order-item";
import type { Status } from "./statuses";

export type { Order };

export const KINDS = ["schedule", "api", "function", "machine", "queue", "topic", "table", "bucket"] as const;
export type Kind = (typeof KINDS)[number];

export type Grant = { readonly actions: ReadonlyArray<string>; readonly on: string };

/** A declared resource that does or holds something. */
export type SystemNode = {
  /** Its address in the stack, `aws_sqs_queue.orders_queue`. */
  readonly id: string;
  readonly kind: Kind;
  /** As AWS knows it: `local-orders`. */
  readonly name: string;
  readonly settings: ReadonlyArray<readonly [name: string, value: string]>;
  readonly grants: ReadonlyArray<Grant>;
};

export type EdgeKind = "route" | "event" | "subscription" | "schedule" | "grant" | "failure";

export type Edge = {
  readonly from: string;
  readonly to: string;
  readonly kind: EdgeKind;
  /** A route, or the actions of a grant; may be empty. */
  readonly labels: ReadonlyArray<string>;
};

/** Which system the console shows. */
export type About = {
  readonly environment: string;
  readonly region: string;
  readonly account: string;
  /** It runs beside the console, on this machine. */
  readonly local: boolean;
};

export type SystemMap = {
  readonly environment: string;
  readonly region: string;
  readonly nodes: ReadonlyArray<SystemNode>;
  readonly edges: ReadonlyArray<Edge>;
};

/** Of what could not be read, why; the rest is there. */
export type Problems = ReadonlyArray<string>;

/** `problem`: why it could not be read, for whoever looks at it. */
export type NodeState = {
  readonly tone: "idle" | "busy" | "bad";
  readonly facts: ReadonlyArray<string>;
  readonly problem?: string;
};

/** How many orders have a status; `more`: counted no further. */
export type Count = { readonly status: Status; readonly count: number; readonly more: boolean };

/** Nothing is sent to the auction platform; `path` are the nodes on the way there. */
export type Halt = {
  readonly since: string;
  readonly reason: string;
  readonly intake: "open" | "refused";
  readonly path: ReadonlyArray<string>;
};

/** How things stand, as the server sends it again and again. */
export type Live = {
  readonly at: string;
  readonly halt?: Halt;
  /** Why AWS tells nothing at all, or not so often. */
  readonly trouble?: string;
  readonly nodes: Readonly<Record<string, NodeState>>;
  readonly orders: ReadonlyArray<Count> | undefined;
};

export type OrdersPage = {
  readonly orders: ReadonlyArray<Order>;
  /** Where the list goes on; none at its end. */
  readonly cursor?: string;
  /** How many were looked at to find these. */
  readonly looked: number;
};

export type TimelineEntry = {
  readonly at: string;
  readonly title: string;
  readonly from: "table" | "log" | "archive";
  readonly tone: "plain" | "good" | "bad";
  /** Which function said it. */
  readonly by?: string;
  readonly text?: string;
  /** The execution of the state machine it belongs to. */
  readonly run?: string;
};

export type OrderHistory = {
  readonly order: Order;
  readonly timeline: ReadonlyArray<TimelineEntry>;
  readonly problems: Problems;
};

export type Run = {
  readonly name: string;
  /** As Step Functions says it: `RUNNING`, `SUCCEEDED`, … */
  readonly status: string;
  readonly started_at: string;
  readonly stopped_at?: string;
};

export type RunsPage = {
  readonly machine: string;
  readonly runs: ReadonlyArray<Run>;
  readonly cursor?: string;
};

/** One state that a run went through. */
export type Step = {
  readonly state: string;
  readonly type: string;
  readonly entered_at: string;
  readonly exited_at?: string;
  readonly input: string;
  readonly output?: string;
  readonly error?: string;
};

export type StateEdge = { readonly from: string; readonly to: string; readonly failure: boolean };

export type RunDetails = {
  readonly run: Run & {
    readonly input: string;
    readonly output?: string;
    readonly error?: string;
    readonly cause?: string;
  };
  readonly states: ReadonlyArray<{ readonly name: string; readonly type: string }>;
  readonly edges: ReadonlyArray<StateEdge>;
  readonly steps: ReadonlyArray<Step>;
  /** Whether the run has more events than are read. */
  readonly cut: boolean;
  readonly problems: Problems;
};

/** The messages of a queue. */
export type Depth = { readonly waiting: number; readonly inFlight: number; readonly delayed: number };

export type QueueRow = {
  readonly id: string;
  readonly name: string;
  readonly depth?: Depth;
  /** Of the oldest message, when that was last measured. */
  readonly oldestSeconds?: number;
  /** What its messages are that could not be worked on: undefined for a queue of work. */
  readonly failuresOf?: ReadonlyArray<string>;
};

export type QueuesPage = { readonly rows: ReadonlyArray<QueueRow>; readonly problems: Problems };

export type FunctionRow = {
  readonly id: string;
  readonly name: string;
  readonly calls?: number;
  readonly errors?: number;
  readonly throttles?: number;
  readonly averageMs?: number;
  readonly longestMs?: number;
};

export type FunctionsPage = { readonly rows: ReadonlyArray<FunctionRow>; readonly problems: Problems };

/** A number for each period of a time, null where there is none; without them where they could not be read. */
export type ChartLine = { readonly label: string; readonly values?: ReadonlyArray<number | null> };

export type Chart = {
  readonly title: string;
  readonly unit: string;
  readonly kind: "counts" | "values";
  readonly lines: ReadonlyArray<ChartLine>;
};

/** Of accepted orders, the newest that are looked at, what was awarded of their power. */
export type Awarded = {
  /** All that were accepted since then. */
  readonly since: string;
  readonly orders: number;
  /** Whether there were more before, within the time that was asked for. */
  readonly cut: boolean;
  /** Of the most awarded, bought and sold, first. */
  readonly products: ReadonlyArray<{
    readonly product: string;
    readonly orders: number;
    readonly bought: number;
    readonly sold: number;
  }>;
  /** How many products there are beyond these. */
  readonly more: number;
};

export type MetricsPage = {
  /** When the first period begins. */
  readonly from: string;
  readonly charts: ReadonlyArray<Chart>;
  /** Titles of charts that CloudWatch alone has. */
  readonly undrawn: ReadonlyArray<string>;
  readonly awarded?: Awarded;
  /** The address of the dashboard in AWS, of a system that is there. */
  readonly dashboard?: string;
  readonly problems: Problems;
};

export type LogEntry = {
  readonly at: string;
  readonly level: string;
  readonly title: string;
  readonly text: string;
  readonly order?: number;
};

export type FunctionLog = { readonly entries: ReadonlyArray<LogEntry>; readonly since: string };

/** As Slack is sent it. */
export type SlackPost = { readonly at: string; readonly blocks: ReadonlyArray<string> };

/** An answer that is not what was asked for. */
export type Problem = { readonly problem: string };
