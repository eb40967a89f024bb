import type { Activity } from "../activity";
import type { FaultPlan } from "../engine/faults/plan";
import type { AwsCall, Backend } from "../engine/gateway/call";
import type { Keyring } from "../engine/gateway/callers";
import type { Client } from "../engine/gateway/client";
import type { EarlyListener } from "../engine/gateway/early-listener";
import type { Gateway } from "../engine/gateway/gateway";
import type { Metric, Metrics } from "../engine/metrics";
import type { AwsService } from "../engine/service";
import type { Deployment } from "../engine/stack/resource-type";
import type { DataPaths } from "../paths";
import type { ServingPart } from "../threads";
import type { DeclaredStack } from "./catalog";
import type { Assumption } from "./iam/assume";
import type { DeclaredPolicy, Encryption } from "./iam/declared-policy";

/** A server in a thread of its own; several services may share one. */
export type ServerThread = (data: DataPaths, recover: boolean) => ServingPart;

/** What a service is given to start with. */
export type StartContext = {
  readonly stack: DeclaredStack;
  readonly deployment: Deployment;
  /** The folder of the synthesized stack: bundles are files in it. */
  readonly stackFolder: string;
  readonly data: DataPaths;
  readonly gateway: Gateway;
  readonly client: Client;
  readonly keyring: Keyring;
  readonly faults: FaultPlan;
  readonly activity: Activity;
  readonly metrics: Metrics;
  /** Whether a service counts it, or a function may. */
  readonly isMeasured: (metric: Metric) => boolean;
  /**
   * Passes calls on to a server of the platform's.
   * @param keepHost S3 reads the bucket from the host of a virtual-hosted request
   */
  readonly forward: (server: ServerThread, keepHost?: boolean) => Backend;
  /** The listeners of the declared HTTP APIs, by address; the one people use comes first. */
  readonly listeners: ReadonlyMap<string, EarlyListener>;
  readonly webhookUrl: string;
  /** What the command line gave: a schedule for state machines, values of parameters. */
  readonly schedule: string | undefined;
  readonly parameters: Readonly<Record<string, string>>;
};

/** A service that has started. Its parts run in this order; it is stopped in the reverse order. */
export type StartedService = {
  /** Answers its calls. */
  readonly backend?: Backend;
  /** Makes what the stack declares, once the services in `after` have made theirs. */
  readonly create?: () => Promise<void>;
  /** Starts what acts by itself, once everything is made: consumers, schedules, executions. */
  readonly run?: () => void;
  /** Other code was built of a function; of the service that runs functions. */
  readonly swap?: (built: string) => void;
  /** Ends what `run` started, while functions still answer. */
  readonly pause?: () => Promise<void> | void;
  readonly stop?: () => Promise<void>;
};

export type Report = (
  call: AwsCall,
  context: { readonly activity: Activity; readonly stack: DeclaredStack },
) => void;

/** All that is known of one AWS service; `service.ts` of its folder puts it together. */
export type LocalService = {
  /** How its calls read on the wire, what each needs to be allowed, its errors. A service without it is never called. */
  readonly api?: AwsService;
  readonly server?: ServerThread;
  /** The services, by the name of their API, whose resources its own refer to when they are made. */
  readonly after?: ReadonlyArray<string>;
  /** The policies of its resources. */
  readonly policies?: (stack: DeclaredStack) => ReadonlyArray<DeclaredPolicy>;
  /** The keys that its resources are encrypted with. */
  readonly encryptions?: (stack: DeclaredStack) => ReadonlyArray<Encryption>;
  /** Shows a successful call to its API where people want to see it; `"itself"`: it shows all its calls by itself. */
  readonly report?: "itself" | Report;
  /** The roles it assumes for its resources. */
  readonly assumptions?: (stack: DeclaredStack) => ReadonlyArray<Assumption>;
  /** The metrics it counts, in its namespace of AWS's. */
  readonly measures?: { readonly namespace: string; readonly names: ReadonlyArray<string> };
  readonly start?: (context: StartContext) => StartedService;
};
