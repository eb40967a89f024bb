import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { readStack, type SynthesizedStack } from "./engine/stack/read-stack";
import { resolveStack, referencesIn } from "./engine/stack/resolve";
import { type ApiAuth, synthesize } from "./synthesize";
import type { Activity } from "./activity";
import { jumpText, watchClock } from "./clock";
import { httpApi } from "./services/execute-api/http-api";
import { computedAttributes, declaredStack } from "./services/catalog";
import type { Deployment } from "./engine/stack/resource-type";
import { openDataFolder } from "./data-folder";
import { asynchronousInvocations } from "./services/lambda/asynchronous";
import { startEventSources } from "./services/lambda/event-sources";
import { startSchedules } from "./services/scheduler/schedules";
import { makeKeyring } from "./engine/gateway/callers";
import { makeClient } from "./engine/gateway/client";
import { startJumpingClock } from "./engine/faults/clock";
import { type FaultPlan, NO_FAULTS } from "./engine/faults/plan";
import { forwardTo } from "./engine/gateway/forward";
import { makeGateway, type Observer } from "./engine/gateway/gateway";
import { injectFaults } from "./engine/gateway/inject-faults";
import { awsRequests, listen, LOOPBACK } from "./engine/gateway/server";
import { recorder, type Unused, unusedGrants } from "./engine/iam/recorder";
import { lambdaBackend, startFunctions } from "./services/lambda/functions";
import { refuseUnassumable } from "./services/iam/assume";
import { authorize } from "./engine/gateway/authorize";
import { declaredPolicies } from "./services/iam/policies";
import { keyAccesses } from "./services/kms/actions";
import { services } from "./services/services";
import { dynamodb } from "./services/dynamodb/api";
import { executeApi } from "./services/execute-api/api";
import { lambda } from "./services/lambda/api";
import { s3 } from "./services/s3/api";
import { sns } from "./services/sns/api";
import { sqs } from "./services/sqs/api";
import { ssm } from "./services/ssm/api";
import { states } from "./services/states/api";
import { sts } from "./services/sts/api";
import { reportCalls } from "./report-calls";
import { makeBuckets } from "./services/s3/buckets";
import { objectsBackend } from "./services/s3/objects";
import { loadParameters, parameterNames, parametersBackend } from "./services/ssm/parameters";
import { makeQueues, queuesBackend } from "./services/sqs/queues";
import { stsBackend } from "./services/sts/backend";
import { makeTables } from "./services/dynamodb/tables";
import { makeTopics } from "./services/sns/topics";
import { webhook, WEBHOOK_PATH } from "./webhook";
import { DamagedError, StartError } from "./start-error";
import { executionStore } from "./services/states/executions";
import { localMachine } from "./services/states/state-machine";
import { stepFunctionsBackend } from "./services/states/step-functions-api";
import { type Part, startServerThread } from "./threads";

export type PlatformOptions = {
  /** Where everything is kept. */
  readonly data: string;
  /** Begin anew, without what the platform made there before. */
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
  /** What goes wrong on purpose; without one, nothing. */
  readonly faults?: FaultPlan;
  /** The folder of a synthesized stack to run; without one, the `local` environment is synthesized. */
  readonly stack?: string;
  /** Who may use the API, instead of what the `local` environment says. */
  readonly auth?: ApiAuth;
  /** Where the API listens; without one, on loopback. The AWS endpoint never leaves loopback. */
  readonly host?: string;
  readonly activity: Activity;
  /** Told if a part of the platform dies later on. */
  readonly onDeath: (error: Error) => void;
};

export type Platform = {
  /** The API that the stack's outputs name; a stack without an API has none. */
  readonly apiUrl: string | undefined;
  readonly awsUrl: string;
  readonly region: string;
  /** Where that API listens: `127.0.0.1`, or what `host` said. */
  readonly host: string;
  /** What that API asks for. */
  readonly authorization: "NONE" | "AWS_IAM" | "JWT";
  /** The routes of that API. */
  readonly routes: ReadonlyArray<string>;
  /** What its roles were granted and nothing has used since the start. */
  readonly unusedGrants: () => ReadonlyArray<Unused>;
  /** Ends everything within two seconds. What was running goes on at the next start. */
  readonly stop: () => Promise<void>;
};

const AWS_PORT = 4566;
/** How long functions may finish what they are at when the platform stops. */
const GRACE_MS = 800;

const REMEDY =
  "start with --recover to keep what is whole (what is there now is kept in the folder damaged), or with --fresh to begin anew";

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** A listener whose requests wait until the platform is there to answer them. */
const listenEarly = async (port: number, host = LOOPBACK) => {
  const { promise, resolve } = Promise.withResolvers<Handler>();
  const { server, port: bound } = await listen(port, host, async (request, response) =>
    (await promise)(request, response),
  );
  // Listening on every address includes loopback.
  const reached = ["0.0.0.0", "::"].includes(host) ? LOOPBACK : host;
  return { server, url: `http://${reached}:${bound}`, answer: resolve };
};

type Listener = Awaited<ReturnType<typeof listenEarly>>;

const listenForAws = (port: number | undefined): Promise<Listener> =>
  port === undefined ? listenEarly(AWS_PORT).catch(() => listenEarly(0)) : listenEarly(port);

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

/**
 * Promise.all that fails only once everything has come to an end: nothing is left half started. All that is
 * damaged is said at once.
 */
const together = async <A, B>(
  promises: readonly [Promise<A>, Promise<B>, Promise<B>],
): Promise<[A, B, B]> => {
  const settled = await Promise.allSettled(promises);
  const damaged = settled.flatMap((one): ReadonlyArray<string> =>
    one.status === "rejected" && one.reason instanceof DamagedError ? one.reason.message.split("\n") : [],
  );
  if (damaged.length === 0) return Promise.all(promises);
  throw new DamagedError([...damaged.map((line) => `damaged: ${line}`), REMEDY].join("\n"));
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
export const startPlatform = async (options: PlatformOptions): Promise<Platform> => {
  const { activity } = options;
  const undo: Array<() => Promise<unknown>> = [];
  const stop = async (): Promise<void> => {
    for (const end of undo.splice(0).reverse()) await end();
  };
  try {
    return { ...(await start(options, activity, undo)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
};

const start = async (
  options: PlatformOptions,
  activity: Activity,
  undo: Array<() => Promise<unknown>>,
): Promise<Omit<Platform, "stop">> => {
  const faults = options.faults ?? NO_FAULTS;
  startJumpingClock(faults.clock);
  const opened = async (port: Promise<Listener>): Promise<Listener> => {
    const listener = await port;
    undo.push(() => close(listener.server));
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

  // The app is synthesized while the servers start.
  const served = async (part: Part) => {
    const server = await startServerThread(part, activity.data, options.onDeath);
    undo.push(server.stop);
    return server;
  };
  const [stackFolder, tables, fauxqs] = await together([
    options.stack === undefined ? synthesize(data.stack, options.auth) : Promise.resolve(options.stack),
    served({
      part: "dynamodb",
      folder: data.tables,
      written: data.tablesWritten,
      before: data.tablesBefore,
      damaged: data.damaged,
      recover,
    }),
    served({
      part: "fauxqs",
      queues: data.queues,
      buckets: data.buckets,
      sealed: data.servicesSealed,
      damaged: data.damaged,
      recover,
    }),
  ]);
  const synthesized = readStack(stackFolder);
  const { region, account } = synthesized;

  const [publicAddress, ...otherAddresses] = apisOf(synthesized);
  const listeners = new Map<string, Listener>();
  if (publicAddress !== undefined) listeners.set(publicAddress, publicApi);
  for (const address of otherAddresses) listeners.set(address, await opened(listenEarly(0)));
  const deployment: Deployment = {
    region,
    account,
    awsUrl: aws.url,
    apiUrl: (address) => listeners.get(address)?.url ?? "",
  };
  const stack = declaredStack(resolveStack(synthesized, computedAttributes(deployment)));

  const policies = declaredPolicies(stack);
  refuseUnassumable(stack, policies, account);
  const used = recorder();

  const keyring = makeKeyring();
  const observers: Observer[] = [reportCalls(activity, stack)];
  // Permissions and injected faults are steps in front of the services.
  const permissions = authorize({
    policies,
    region,
    account,
    keyAccesses: keyAccesses(policies.keyOf, { region }),
    onAllowed: used.record,
    onDenied: (hint) => activity.complaint("permissions", hint),
  });
  const gateway = makeGateway([permissions, injectFaults(faults)], (...call) =>
    observers.forEach((observe) => observe(...call)),
  );
  const client = makeClient(gateway, services, { region, account });
  const queuesTopicsBuckets = forwardTo(fauxqs.port);
  gateway.serve(dynamodb, forwardTo(tables.port));
  gateway.serve(sqs, queuesBackend(queuesTopicsBuckets, aws.url));
  gateway.serve(sns, queuesTopicsBuckets);
  gateway.serve(s3, objectsBackend(forwardTo(fauxqs.port, true)));
  gateway.serve(sts, stsBackend(account));
  const webhookUrl = `${aws.url}${WEBHOOK_PATH}`;
  const values = loadParameters(data.parameters, parameterNames(stack), options.parameters ?? {});
  gateway.serve(ssm, parametersBackend(values, { region, account, webhookUrl }));

  const functions = startFunctions(
    stack,
    { folder: stackFolder, region, awsUrl: aws.url, data },
    keyring,
    faults,
    activity,
  );
  undo.push(functions.stop);
  const asynchronous = asynchronousInvocations(stack, deployment, functions, client, activity);
  gateway.serve(lambda, lambdaBackend(functions, asynchronous.enqueue));
  const machines = stack("aws_sfn_state_machine").map((machine) =>
    localMachine(machine, executionStore(data.executions, machine.config.name), client, activity),
  );
  gateway.serve(states, stepFunctionsBackend(machines));

  await Promise.all([
    makeTables(client, stack),
    makeBuckets(client, stack),
    makeQueues(client, stack).then(async () => {
      await asynchronous.makeQueues();
      await makeTopics(client, stack, asynchronous.queueArnOf);
    }),
  ]);

  const apis = [...listeners].map(([address, listener]) => {
    const api = httpApi(stack, address, deployment, { client, keyring, complain: activity.complaint });
    const shown = address === publicAddress ? activity : undefined;
    return { api, listener, handler: api.answer(gateway, shown) };
  });
  gateway.serve(executeApi, (call) => {
    const found = apis.find(({ listener }) => call.headers["host"] === new URL(listener.url).host) ?? apis[0];
    if (found === undefined) throw new StartError("no HTTP API is declared");
    return found.api.backend(call);
  });

  const consumers = [
    ...startEventSources(stack, deployment, functions, client, faults, activity),
    ...asynchronous.start(),
  ];
  undo.push(() => Promise.all(consumers.map((consumer) => consumer.stop(GRACE_MS))));
  const clock = watchClock((ms) => activity.complaint("clock", jumpText(ms)));
  undo.push(() => {
    clock.stop();
    return Promise.resolve();
  });
  const schedules = startSchedules(stack, data.schedules, options.schedule, client, activity);
  undo.push(() => {
    schedules.stop();
    return Promise.resolve();
  });
  for (const machine of machines) machine.resume();
  undo.push(() => {
    for (const machine of machines) machine.suspend();
    return Promise.resolve();
  });

  const webhookHandler = webhook(data.notifications, activity);
  const awsHandler = awsRequests(gateway, services, keyring, { region, account });
  aws.answer((request, response) =>
    (request.url?.startsWith(WEBHOOK_PATH) === true ? webhookHandler : awsHandler)(request, response),
  );
  for (const { listener, handler } of apis) listener.answer(handler);
  const publicOne = apis.find(({ listener }) => listener === publicApi);
  return {
    apiUrl: publicAddress === undefined ? undefined : publicApi.url,
    host: options.host ?? LOOPBACK,
    awsUrl: aws.url,
    region,
    unusedGrants: () =>
      policies.roles.flatMap(({ arn, name }) => unusedGrants(name, policies.identityOf(arn), used.uses())),
    authorization: publicOne?.api.authorization ?? "NONE",
    routes: publicOne?.api.routes ?? [],
  };
};
