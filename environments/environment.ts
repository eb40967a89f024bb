import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as t from "io-ts";
import { MOST_ORDERS_PER_CALL } from "../functions/auction-config";
import { Limits } from "../functions/domain/limits";
import { numberOf } from "../lib/codecs";
import { described, exactly } from "../lib/exactly";
import {
  AccountId,
  HttpsUrl,
  HttpUrl,
  Instant,
  Mail,
  matching,
  Name,
  ParameterName,
  PullRequest,
  QueueName,
  Region,
  share,
  Text,
  TimeZone,
  whole,
} from "./fields";

/**
 * What an environment file says. A secret never stands in one: `…_parameter` names an SSM SecureString that
 * is created outside and read at run time.
 */

export const Backend = described(
  t.union([
    exactly(
      { type: t.literal("cloud"), organization: Text, workspace: Text },
      { project: Text, hostname: matching(/^[\w.-]+(:\d+)?$/, "a host name") },
      "a cloud backend",
    ),
    exactly({ type: t.literal("s3"), bucket: Text, key: Text, region: Region }, {}, "an s3 backend"),
    exactly({ type: t.literal("local") }, {}, "a local backend"),
  ]),
  'a backend {"type": "cloud", organization, workspace, project?, hostname?}, {"type": "s3", bucket, key, region} or {"type": "local"}',
);

const Auth = described(
  t.union([
    exactly({ type: t.literal("iam") }, {}, "iam"),
    exactly({ type: t.literal("jwt"), issuer: HttpUrl, audience: t.readonlyArray(Text) }, {}, "jwt"),
    exactly({ type: t.literal("none") }, {}, "none"),
  ]),
  '{"type": "iam"}, {"type": "jwt", issuer, audience} or {"type": "none"}',
);

/** The most orders that the auction platform's contract lets one call have. */
const ordersPerCall = whole(2, MOST_ORDERS_PER_CALL, "orders");

const Auction = described(
  t.union([
    exactly(
      { type: t.literal("http"), url: HttpsUrl, key_parameter: ParameterName },
      {
        /** Whether it gives back orders that were submitted (DELETE /orders/{order_id}). */
        cancels: t.boolean,
        /** How many orders it takes in one call (POST /orders:batch); left out: it takes one at a time. */
        orders_per_call: ordersPerCall,
      },
      "http",
    ),
    exactly(
      {
        type: t.literal("simulator"),
        seed: Text,
        acceptance: share,
        refusal: share,
        result_delay_seconds: exactly(
          { min: whole(1, 3_600, "seconds"), max: whole(1, 3_600, "seconds") },
          {},
          "min and max",
        ),
      },
      { partial: share, preliminary: share, orders_per_call: ordersPerCall },
      "simulator",
    ),
  ]),
  '{"type": "http", url, key_parameter, cancels?, orders_per_call?} or {"type": "simulator", seed, acceptance, refusal, partial?, preliminary?, orders_per_call?, result_delay_seconds}',
);

/** What its expression may be, `rules.ts` tells. */
const Schedule = exactly(
  {
    expression: Text,
    time_zone: TimeZone,
    enabled: t.boolean,
  },
  {},
  "a schedule {expression, time_zone, enabled}",
);

const FunctionSettings = exactly(
  { memory_mb: whole(128, 10_240, "megabytes"), timeout_seconds: whole(1, 900, "seconds") },
  { concurrency: whole(1, 1_000, "executions") },
  "{memory_mb, timeout_seconds, concurrency?}",
);

/** The retention periods of CloudWatch Logs, in days. */
const LOG_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1_096, 1_827, 2_192, 2_557, 2_922, 3_288,
  3_653,
];

const KnownDrift = exactly(
  {
    address: Text,
    attribute: Text,
    why: Text,
    until: matching(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, "a day, such as 2027-01-31"),
  },
  {},
  "{address, attribute, why, until}",
);
export type KnownDrift = t.TypeOf<typeof KnownDrift>;

export const Environment = exactly(
  {
    name: Name,
    account_id: AccountId,
    region: Region,
    backend: Backend,
    api: exactly(
      {
        auth: Auth,
        throttling: exactly(
          { rate: whole(1, 10_000, "requests a second"), burst: whole(1, 5_000, "requests") },
          {},
          "{rate, burst}",
        ),
      },
      {},
      "{auth, throttling}",
    ),
    auction: Auction,
    slack_webhook_parameter: ParameterName,
    schedules: exactly({ results: Schedule, sweep: Schedule }, {}, "{results, sweep}"),
    results: exactly(
      {
        wait_seconds: whole(1, 3_600, "seconds"),
        max_waits: whole(1, 1_000, "waits"),
        page_limit: whole(1, 1_000, "orders"),
      },
      {},
      "{wait_seconds, max_waits, page_limit}",
    ),
    orders: exactly(
      {
        stuck_after_seconds: whole(1, 86_400, "seconds"),
        overdue_after_seconds: whole(1, 30 * 86_400, "seconds"),
        /** What an order's gate leaves at least, when it is placed, for sending it. */
        gate_margin_seconds: whole(0, 86_400, "seconds"),
        limits: Limits,
      },
      {},
      "{stuck_after_seconds, overdue_after_seconds, gate_margin_seconds, limits}",
    ),
    retention: exactly(
      {
        logs_days: numberOf(`one of ${LOG_DAYS.join(", ")} days`, (days) => LOG_DAYS.includes(days)),
        orders_days: whole(1, 3_650, "days"),
        archive_days: whole(1, 36_500, "days"),
        /** Object Lock: no object of the archive is deleted before its time without the right to bypass governance. */
        archive_locked: t.boolean,
        table_recovery: t.boolean,
      },
      {},
      "{logs_days, orders_days, archive_days, archive_locked, table_recovery}",
    ),
    deletion_protection: t.boolean,
    alarms: exactly(
      {
        recipients: t.readonlyArray(Mail),
        queue_age_seconds: whole(60, 86_400, "seconds"),
        /** The alarm for a results pipeline without a successful run for so long. */
        results_silence_minutes: whole(5, 10_080, "minutes"),
      },
      {},
      "{recipients, queue_age_seconds, results_silence_minutes}",
    ),
    functions: exactly(
      {
        "place-orders": FunctionSettings,
        "cancel-orders": FunctionSettings,
        "query-orders": FunctionSettings,
        "submit-orders": FunctionSettings,
        "sweep-orders": FunctionSettings,
        "fetch-results": FunctionSettings,
        "archive-results": FunctionSettings,
        "notify-slack": FunctionSettings,
        "publish-changes": FunctionSettings,
        "auction-simulator": FunctionSettings,
      },
      {},
      "the settings of each function",
    ),
    submissions_at_once: whole(2, 1_000, "batches"),
    tags: exactly(
      { owner: Text, cost_centre: Text, environment: Text },
      {},
      "{owner, cost_centre, environment}",
    ),
  },
  {
    /** Tells when the environment costs more in a month, or is going to. */
    budget: exactly({ usd_per_month: whole(1, 1_000_000, "US dollars") }, {}, "{usd_per_month}"),
    /** Tells other systems of each change of an order, in queues of theirs in the account and region (docs/subscribe.md). */
    order_changes: exactly({ queues: t.readonlyArray(QueueName) }, {}, "{queues}"),
    /** Marks an environment that exists on an AWS-compatible API only; it alone may name that API. */
    stand_in: t.boolean,
    endpoint: HttpUrl,
    /** The policy, `/path/name`, that bounds every role of the stack: what it may do at most. */
    permissions_boundary: matching(/^\/([\w+=,.@-]+\/)*[\w+=,.@-]{1,128}$/, "a policy's /path/name"),
    /** Lifts the protection from destruction, once somebody has decided it: the text says who, when and why. */
    decommission: Text,
    /** The environment whose applied release this one takes; it takes no other. */
    promoted_from: Name,
    /**
     * Addresses of data-keeping resources that a release may remove, rename or replace (or `region`, `account_id`,
     * `backend`, which hold all of it), each with who decided it, when and why.
     */
    removals: described(t.record(t.string, Text), "a text for each address"),
    /** Known drift: `drift` does not report it until that day. */
    known_drift: t.readonlyArray(KnownDrift),
    /** Whether pull requests may have environments made from this file. */
    previews: t.boolean,
    /** Marks a preview environment: the pull request it is for, and when it was made. */
    preview: exactly({ pull_request: PullRequest, created: Instant }, {}, "{pull_request, created}"),
  },
  "an environment",
);
const Parts = t.partial({ ...Environment.required, ...Environment.optional });
export type Parts = t.TypeOf<typeof Parts>;

/** The properties of a file that are right by themselves, whatever is wrong with the others. */
export const soundParts = (json: unknown): Parts =>
  pipe(
    Parts.decode(json),
    E.orElse((errors) => {
      const faulty = new Set(errors.map(({ context }) => context[1]?.key));
      return Parts.decode(
        Object.fromEntries(
          Object.entries(t.UnknownRecord.is(json) ? json : {}).filter(([key]) => !faulty.has(key)),
        ),
      );
    }),
    E.getOrElse((): Parts => ({})),
  );

export type Backend = t.TypeOf<typeof Backend>;
export type Environment = t.TypeOf<typeof Environment>;
export type FunctionName = keyof Environment["functions"];
