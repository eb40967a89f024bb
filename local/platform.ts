import type { Activity } from "./activity";
import { jumpText, steadyNow, watchClock } from "./clock";
import { countCalls } from "./count-calls";
import { openDataFolder } from "./data-folder";
import { startJumpingClock } from "./engine/faults/clock";
import type { PlanFile } from "./engine/faults/plan-file";
import { switchedPlan } from "./engine/faults/switches";
import { authorize } from "./engine/gateway/authorize";
import { makeKeyring } from "./engine/gateway/callers";
import { makeClient } from "./engine/gateway/client";
import { type EarlyListener, listenEarly } from "./engine/gateway/early-listener";
import { forwardTo } from "./engine/gateway/forward";
import { makeGateway, type Observer } from "./engine/gateway/gateway";
import { injectFaults } from "./engine/gateway/inject-faults";
import { awsRequests, LOOPBACK } from "./engine/gateway/server";
import { decisionLog } from "./engine/iam/decisions";
import { metricStore } from "./engine/metrics";
import { openInspector } from "./engine/runtime/inspector";
import { readStack, type SynthesizedStack } from "./engine/stack/read-stack";
import { referencesIn, resolveStack } from "./engine/stack/resolve";
import type { Deployment } from "./engine/stack/resource-type";
import { OFFERED } from "./offered-faults";
import { reportCalls } from "./report-calls";
import { computedAttributes, declaredStack } from "./services/catalog";
import { describeApi } from "./services/execute-api/http-api";
import { refuseUnassumable } from "./services/iam/assume";
import { declaredPolicies } from "./services/iam/policies";
import { keyAccesses } from "./services/kms/actions";
import type { LocalService, StartContext, StartedService } from "./services/service";
import { apis, resources, services } from "./services/services";
import { DamagedError } from "./start-error";
import { type ApiAuth, synthesize } from "./synthesize";
import { startServerThread } from "./threads";
import { webhook, WEBHOOK_PATH } from "./webhook";

export type PlatformOptions = {
  /** Where everything is kept. */
  readonly data: string;
  /** Start empty: delete what the platform made there before. */
  readonly fresh?: boolean;
  /** Keep what is whole of damaged data, and say what is not. */
  readonly recover?: boolean;
  /** The API's port; 0 is any free one. */
  readonly port: number;
  /** The AWS endpoint's port; without one, AWS_PORT if it is free, or any. */
  readonly awsPort?: number;
  /** For every schedule of a state machine: another expression, or `off`. */
  readonly schedule?: string;
  /** Values for parameters of the stack's secrets. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** What goes wrong on purpose; without one, nothing until it is switched on. */
  readonly faults?: PlanFile;
  /** The port at which a debugger may attach; 0 is any free one. Functions then have no time limit. */
  readonly inspect?: number;
  /** The folder of a synthesized stack to run; without one, the `local` environment is synthesized. */
  readonly stack?: string;
  /** Who may use the API, instead of what the `local` environment says. */
  readonly auth?: ApiAuth;
  /** Where the API listens; without one, on loopback. The AWS endpoint never leaves loopback. */
  readonly host?: string;
  readonly activity: Activity;
  /** Told of every call, whoever makes it, once it is answered. */
  readonly observe?: Observer;
  /** Called if a part of the platform dies later on. */
  readonly onDeath: (error: Error) => void;
};

const AWS_PORT = 4566;

const REMEDY =
  "start with --recover to keep what is whole (what is there now is kept in the folder damaged), or with --fresh to start empty";

const listenForAws = (port: number | undefined): Promise<EarlyListener> =>
  port === undefined ? listenEarly(AWS_PORT).catch(() => listenEarly(0)) : listenEarly(port);

/**
 * Waits until everything has settled, so that nothing is left half started. All damage is reported at
 * once.
 */
const settle = async (promises: ReadonlyArray<Promise<unknown>>): Promise<void> => {
  const settled = await Promise.allSettled(promises);
  const damaged = settled.flatMap((one): ReadonlyArray<string> =>
    one.status === "rejected" && one.reason instanceof DamagedError ? one.reason.message.split("\n") : [],
  );
  if (damaged.length > 0)
    throw new DamagedError([...damaged.map((line) => `damaged: ${line}`), REMEDY].join("\n"));
};

/** Makes what the services declare, each once those have that it refers to. */
const createAll = async (
  started: ReadonlyArray<{ readonly service: LocalService; readonly parts: StartedService }>,
): Promise<void> => {
  const made = new Map<LocalService, Promise<void>>();
  const create = ({ service, parts }: (typeof started)[number]): Promise<void> => {
    const before = started.filter((one) => service.after?.includes(one.service.api?.name ?? "") === true);
    const known = made.get(service) ?? Promise.all(before.map(create)).then(() => parts.create?.());
    made.set(service, known);
    return known;
  };
  await Promise.all(started.map(create));
};

const addressesOf = (stack: SynthesizedStack, type: string): ReadonlyArray<string> =>
  [...stack.declarations.values()].filter((one) => one.type === type).map(({ address }) => address);

/** The HTTP APIs of a stack; the one people use, which an output names, comes first. */
const apisOf = (stack: SynthesizedStack): ReadonlyArray<string> => {
  const named = new Set([...stack.outputs.values()].flatMap(referencesIn));
  const apis = addressesOf(stack, "aws_apigatewayv2_api");
  return [...apis.filter((address) => named.has(address)), ...apis.filter((address) => !named.has(address))];
};

/**
 * Runs a stack on this machine.
 * Throws a StartError, with nothing left running, for what the person who starts it can put right.
 */
export const startPlatform = async (options: PlatformOptions) => {
  const { activity } = options;
  const undo: Array<() => Promise<unknown>> = [];
  const stop = async (): Promise<void> => {
    for (const end of undo.splice(0).reverse()) await end();
  };
  try {
    return {
      ...(await start(options, activity, undo)),
      /** Ends everything within two seconds. What was running goes on at the next start. */
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
};

const start = async (options: PlatformOptions, activity: Activity, undo: Array<() => Promise<unknown>>) => {
  if (options.inspect !== undefined) openInspector(options.inspect);
  const switched = switchedPlan(options.faults ?? OFFERED, options.faults !== undefined, activity.fault);
  const faults = switched.plan;
  startJumpingClock(faults.clock);
  const opened = async (opening: Promise<EarlyListener>): Promise<EarlyListener> => {
    const listener = await opening;
    undo.push(listener.close);
    return listener;
  };
  const folder = await openDataFolder(
    options.data,
    options.fresh ?? false,
    options.stack ?? "environments/local.json",
  );
  undo.push(folder.release);
  for (const path of folder.leftAlone) activity.data(`${path}: left alone: the platform did not make it`);
  const data = folder.paths;
  const recover = options.recover ?? false;
  const publicApi = await opened(listenEarly(options.port, options.host));
  const aws = await opened(listenForAws(options.awsPort));

  const metrics = metricStore(steadyNow);
  // The app is synthesized while the servers start.
  const synthesizing =
    options.stack === undefined ? synthesize(data.stack, options.auth) : Promise.resolve(options.stack);
  const starting = [...new Set(services.flatMap(({ server }) => server ?? []))].map(async (server) => {
    const { serving, stop } = await startServerThread(
      server(data, recover),
      activity,
      metrics.put,
      options.onDeath,
    );
    undo.push(stop);
    return [server, serving] as const;
  });
  await settle([synthesizing, ...starting]);
  const stackFolder = await synthesizing;
  const servers = new Map(await Promise.all(starting));

  const synthesized = readStack(stackFolder);
  const { region, account } = synthesized;
  const [publicAddress, ...otherAddresses] = apisOf(synthesized);
  const listeners = new Map<string, EarlyListener>();
  if (publicAddress !== undefined) listeners.set(publicAddress, publicApi);
  for (const address of otherAddresses) listeners.set(address, await opened(listenEarly(0)));
  const deployment: Deployment = {
    region,
    account,
    awsUrl: aws.url,
    apiUrl: (address) => listeners.get(address)?.url ?? "",
  };
  const stack = declaredStack(
    resources,
    resolveStack(synthesized, computedAttributes(resources, deployment)),
  );

  const policies = declaredPolicies(stack, services);
  refuseUnassumable(
    services.flatMap(({ assumptions }) => assumptions?.(stack) ?? []),
    policies,
    account,
  );
  const decisions = decisionLog(policies.roles, policies.identityOf);
  const keyring = makeKeyring();
  // Permissions and injected faults are steps in front of the services.
  const permissions = authorize({
    policies,
    region,
    account,
    keyAccesses: keyAccesses(policies.keyOf, { region }),
    onDecided: decisions.record,
    onMissing: (hint) => activity.complaint("permissions", hint),
  });
  const report = reportCalls(services, activity, stack);
  const count = countCalls(metrics);
  const gateway = makeGateway([permissions, injectFaults(faults)], (...answered) => {
    report(...answered);
    count(...answered);
    options.observe?.(...answered);
  });
  const client = makeClient(gateway, apis, { region, account });
  const context: StartContext = {
    stack,
    deployment,
    stackFolder,
    data,
    gateway,
    client,
    keyring,
    faults,
    activity,
    metrics,
    isMeasured: ({ namespace, name }) =>
      !namespace.startsWith("AWS/") ||
      services.some(({ measures }) => measures?.namespace === namespace && measures.names.includes(name)),
    forward: (server, keepHost) => {
      const serving = servers.get(server);
      if (serving === undefined) throw new Error("a service calls a server that it does not name");
      return forwardTo(serving, keepHost);
    },
    listeners,
    webhookUrl: `${aws.url}${WEBHOOK_PATH}`,
    schedule: options.schedule,
    parameters: options.parameters ?? {},
  };
  const started = services.map((service) => {
    const parts = service.start?.(context) ?? {};
    undo.push(async () => parts.stop?.());
    if (service.api !== undefined && parts.backend !== undefined) gateway.serve(service.api, parts.backend);
    return { service, parts };
  });
  await createAll(started);

  const clock = watchClock((ms) => activity.complaint("clock", jumpText(ms)));
  undo.push(() => {
    clock.stop();
    return Promise.resolve();
  });
  for (const { parts } of started) {
    undo.push(async () => parts.pause?.());
    parts.run?.();
  }

  const webhookHandler = webhook(data.notifications, activity);
  const awsHandler = awsRequests(gateway, apis, keyring, { region, account });
  aws.answer((request, response) =>
    (request.url?.startsWith(WEBHOOK_PATH) === true ? webhookHandler : awsHandler)(request, response),
  );
  const described = publicAddress === undefined ? undefined : describeApi(stack, publicAddress);
  return {
    /** The API that the stack's outputs name; a stack without an API has none. */
    apiUrl: publicAddress === undefined ? undefined : publicApi.url,
    /** Where that API listens. */
    host: options.host ?? LOOPBACK,
    awsUrl: aws.url,
    stackFolder,
    /** Runs a function from what was built of it since, `place-orders`. */
    swap: (built: string): void => {
      for (const { parts } of started) parts.swap?.(built);
    },
    region,
    /** What was allowed and refused since the start, and what its roles were granted and nothing has used. */
    decisions: decisions.all,
    faults: switched,
    /** What that API asks for. */
    authorization: described?.authorization ?? ("NONE" as const),
    /** The routes of that API. */
    routes: described?.routes ?? [],
  };
};

export type Platform = Awaited<ReturnType<typeof startPlatform>>;
