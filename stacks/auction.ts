import type { Environment } from "../environments/environment";
import { AUCTION_SIMULATOR } from "../functions/auction-simulator/contract";
import { LEDGER } from "../functions/tables";
import { HttpApi } from "../modules/http-api";
import { Parameter } from "../modules/parameter";
import { Table } from "../modules/table";
import type { EnvironmentStack } from "./environment-stack";
import type { Auction, FunctionFactory } from "./orders-functions";

const realAuction = (
  { environment: { account_id: accountId, region } }: EnvironmentStack,
  { url, key_parameter }: { readonly url: string; readonly key_parameter: string },
): Auction => {
  const key = new Parameter("auction-key", key_parameter, { accountId, region });
  return {
    config: { AUCTION_URL: url, AUCTION_AUTH: "key", AUCTION_KEY_PARAMETER: key.name },
    grant: (caller) => key.grantRead(caller),
  };
};

/** How many orders the auction platform takes in one call. */
export const ordersPerCall = ({ auction }: Environment): number => auction.orders_per_call ?? 1;

type Simulated = Extract<Environment["auction"], { readonly type: "simulator" }>;

const simulatedAuction = (
  stack: EnvironmentStack,
  auction: Simulated,
  makeFunction: FunctionFactory,
): Auction => {
  const { environment } = stack;
  const ledger = new Table(stack, "auction-ledger", {
    name: `${environment.name}-auction-ledger`,
    ...LEDGER,
    pointInTimeRecovery: false,
    deletionProtection: false,
  });
  const simulator = makeFunction(AUCTION_SIMULATOR, {
    uses: { LEDGER_TABLE: ledger },
    settings: {
      SEED: auction.seed,
      ACCEPTANCE: auction.acceptance,
      REFUSAL: auction.refusal,
      PARTIAL: auction.partial ?? 0,
      PRELIMINARY: auction.preliminary ?? 0,
      RESULT_DELAY_MIN_SECONDS: auction.result_delay_seconds.min,
      RESULT_DELAY_MAX_SECONDS: auction.result_delay_seconds.max,
    },
  });
  const routes = {
    submit: { key: "POST /orders", handler: simulator },
    "submit-batch": { key: "POST /orders:batch", handler: simulator },
    withdraw: { key: "DELETE /orders/{order_id}", handler: simulator },
    results: { key: "GET /results", handler: simulator },
  } as const;
  // Never public, whatever the environment's own API is: only roles granted a route may call it.
  const api = new HttpApi(stack, "auction-api", {
    name: `${environment.name}-auction`,
    auth: { type: "iam" },
    throttling: environment.api.throttling,
    routes: Object.values(routes),
    logRetentionDays: environment.retention.logs_days,
  });
  return {
    config: { AUCTION_URL: api.endpoint, AUCTION_AUTH: "iam" },
    grant: (caller, may) =>
      api.grantInvoke(
        caller,
        routes[may === "submit" && ordersPerCall(environment) > 1 ? "submit-batch" : may],
      ),
  };
};

const NONE: Auction = { config: { AUCTION_AUTH: "none" }, grant: () => undefined };

/** The auction platform for who takes orders back from it, which a real one may not offer. */
export const withdrawalsFrom = (auction: Auction, { auction: of }: Environment): Auction =>
  of.type === "simulator" || of.cancels === true ? auction : NONE;

/** The real auction platform, or the simulator deployed behind the same contract. */
export const auctionOf = (stack: EnvironmentStack, makeFunction: FunctionFactory): Auction => {
  const { auction } = stack.environment;
  return auction.type === "http"
    ? realAuction(stack, auction)
    : simulatedAuction(stack, auction, makeFunction);
};
