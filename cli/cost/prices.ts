/**
 * What AWS asks for in eu-central-1, in US dollars. Each is the first tier, without a free one: more of it is cheaper.
 * `seen` says where the figure was read; AWS shows its regions' prices by script only, so that stored copies of its
 * pages lack them: `unverified` is the figure as known, to be checked on that page before anybody relies on it.
 */
export const PRICES_OF = "2026-11-29";
export const PRICES_REGION = "eu-central-1";

export type Price = {
  readonly dollars: number;
  /** What so many dollars buy. */
  readonly per: number;
  readonly unit: string;
  /** Where AWS says it: https://aws.amazon.com/PAGE/pricing/ */
  readonly page: string;
  readonly seen: "page" | "other region" | "third party" | "unverified";
};

const MILLION = 1_000_000;

export const PRICES = {
  apiRequest: { dollars: 1.2, per: MILLION, unit: "requests", page: "api-gateway", seen: "unverified" },
  invocation: { dollars: 0.2, per: MILLION, unit: "invocations", page: "lambda", seen: "third party" },
  computing: { dollars: 13.3334, per: MILLION, unit: "GB-seconds", page: "lambda", seen: "other region" },
  writeUnit: { dollars: 0.7625, per: MILLION, unit: "write units", page: "dynamodb", seen: "unverified" },
  readUnit: { dollars: 0.1525, per: MILLION, unit: "read units", page: "dynamodb", seen: "unverified" },
  tableStorage: { dollars: 0.306, per: 1, unit: "GB-months", page: "dynamodb", seen: "unverified" },
  tableBackup: { dollars: 0.2448, per: 1, unit: "GB-months", page: "dynamodb", seen: "unverified" },
  queueRequest: { dollars: 0.4, per: MILLION, unit: "requests", page: "sqs", seen: "other region" },
  transition: {
    dollars: 25,
    per: MILLION,
    unit: "transitions",
    page: "step-functions",
    seen: "other region",
  },
  put: { dollars: 5.4, per: MILLION, unit: "puts", page: "s3", seen: "unverified" },
  get: { dollars: 0.43, per: MILLION, unit: "gets", page: "s3", seen: "unverified" },
  bucketStorage: { dollars: 0.0245, per: 1, unit: "GB-months", page: "s3", seen: "third party" },
  publish: { dollars: 0.5, per: MILLION, unit: "messages", page: "sns", seen: "other region" },
  logs: { dollars: 0.63, per: 1, unit: "GB", page: "cloudwatch", seen: "third party" },
  logStorage: { dollars: 0.0324, per: 1, unit: "GB-months", page: "cloudwatch", seen: "unverified" },
  alarm: { dollars: 0.1, per: 1, unit: "metrics", page: "cloudwatch", seen: "unverified" },
  trace: { dollars: 5, per: MILLION, unit: "traces", page: "xray", seen: "unverified" },
  key: { dollars: 1, per: 1, unit: "keys", page: "kms", seen: "unverified" },
  keyRequest: { dollars: 3, per: MILLION, unit: "requests", page: "kms", seen: "unverified" },
  schedule: { dollars: 1, per: MILLION, unit: "invocations", page: "eventbridge", seen: "unverified" },
} satisfies Readonly<Record<string, Price>>;

export type Priced = keyof typeof PRICES;

export const cost = (priced: Priced, amount: number): number => {
  const { dollars, per } = PRICES[priced];
  return (dollars * amount) / per;
};
