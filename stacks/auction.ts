import type { Environment } from "../environments/environment";
import type { Function } from "../modules/function";
import { HttpApi } from "../modules/http-api";
import { Table } from "../modules/table";
import type { EnvironmentStack } from "./environment-stack";
import type { FunctionFactory } from "./orders-functions";

/** The auction platform as the functions see it: where it is, how to prove who asks, and who may. */
export type Auction = {
  readonly variables: Readonly<Record<string, string>>;
  readonly grantSubmit: (caller: Function) => void;
  readonly grantResults: (caller: Function) => void;
};

const parameterArn = ({ environment: { region, account_id } }: EnvironmentStack, name: string): string =>
  `arn:aws:ssm:${region}:${account_id}:parameter${name}`;

/** Reading a SecureString under the account's own SSM key needs no permission on the key. */
export const grantParameter = (stack: EnvironmentStack, caller: Function, id: string, name: string): void =>
  caller.role.grant(id, { actions: ["ssm:GetParameter"], resources: [parameterArn(stack, name)] });

const realAuction = (
  stack: EnvironmentStack,
  { url, key_parameter }: { readonly url: string; readonly key_parameter: string },
): Auction => {
  const grant = (caller: Function) => grantParameter(stack, caller, "auction-key", key_parameter);
  return {
    variables: { AUCTION_URL: url, AUCTION_AUTH: "key", AUCTION_KEY_PARAMETER: key_parameter },
    grantSubmit: grant,
    grantResults: grant,
  };
};

type Simulated = Extract<Environment["auction"], { readonly type: "simulator" }>;

const simulatedAuction = (
  stack: EnvironmentStack,
  auction: Simulated,
  makeFunction: FunctionFactory,
): Auction => {
  const { environment } = stack;
  const ledger = new Table(stack, "auction-ledger", {
    name: `${environment.name}-auction-ledger`,
    hash: { name: "order_id", type: "N" },
    indexes: [
      { name: "feed", hash: { name: "feed", type: "S" }, range: { name: "decided_since", type: "S" } },
    ],
    pointInTimeRecovery: false,
    deletionProtection: false,
  });
  const simulator = makeFunction("auction-simulator", {
    LEDGER_TABLE: ledger.name,
    SEED: auction.seed,
    ACCEPTANCE: String(auction.acceptance),
    REFUSAL: String(auction.refusal),
    RESULT_DELAY_MIN_SECONDS: String(auction.result_delay_seconds.min),
    RESULT_DELAY_MAX_SECONDS: String(auction.result_delay_seconds.max),
  });
  ledger.grantPut(simulator);
  ledger.grantUpdate(simulator);
  ledger.grantRead(simulator);
  ledger.grantBatchRead(simulator);
  ledger.grantQuery(simulator, "feed");

  const submit = { method: "POST", path: "/orders", handler: simulator } as const;
  const results = { method: "GET", path: "/results", handler: simulator } as const;
  // Closed to strangers whatever the environment's own API is: only roles granted a route may call it.
  const api = new HttpApi(stack, "auction-api", {
    name: `${environment.name}-auction`,
    auth: { type: "iam" },
    throttling: environment.api.throttling,
    routes: [submit, results],
    logRetentionDays: environment.retention.logs_days,
  });
  return {
    variables: { AUCTION_URL: api.endpoint, AUCTION_AUTH: "iam" },
    grantSubmit: (caller) => api.grantInvoke(caller, submit),
    grantResults: (caller) => api.grantInvoke(caller, results),
  };
};

/** The real auction platform, or the simulator deployed behind the same contract. */
export const auctionOf = (stack: EnvironmentStack, makeFunction: FunctionFactory): Auction => {
  const { auction } = stack.environment;
  return auction.type === "http"
    ? realAuction(stack, auction)
    : simulatedAuction(stack, auction, makeFunction);
};
