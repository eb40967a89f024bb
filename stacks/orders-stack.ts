import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import type { Environment } from "../environments/environment";
import { ARCHIVE_RESULTS } from "../functions/archive-results/contract";
import { CANCEL_ORDERS, CANCEL_ROUTES } from "../functions/cancel-orders/contract";
import { FETCH_RESULTS } from "../functions/fetch-results/contract";
import { NOTIFY_SLACK } from "../functions/notify-slack/contract";
import { PLACE_ORDERS, PLACE_ROUTES } from "../functions/place-orders/contract";
import { QUERY_ORDERS, QUERY_ROUTES } from "../functions/query-orders/contract";
import { SUBMIT_ORDERS } from "../functions/submit-orders/contract";
import { SWEEP_ORDERS } from "../functions/sweep-orders/contract";
import { CHECKPOINTS, ORDERS, SUMS } from "../functions/tables";
import { RANG } from "../modules/alarm";
import { Budget, BUDGETS } from "../modules/budget";
import { Bucket } from "../modules/bucket";
import { HttpApi } from "../modules/http-api";
import { Key } from "../modules/key";
import { Parameter } from "../modules/parameter";
import { FailureQueue, Queue } from "../modules/queue";
import { Schedule } from "../modules/schedule";
import { StateMachine } from "../modules/state-machine";
import { Table } from "../modules/table";
import { Topic } from "../modules/topic";
import { keyAdministrators } from "./account/names";
import { auctionOf, ordersPerCall, withdrawalsFrom } from "./auction";
import { EnvironmentStack } from "./environment-stack";
import { publishOrderChanges } from "./order-changes";
import { addAlarms } from "./orders-alarms";
import { addDashboard } from "./orders-dashboard";
import { functionFactory } from "./orders-functions";
import { resultsPipeline } from "./results-pipeline";

const CLOUDWATCH = "cloudwatch.amazonaws.com";
/** What the queue gives at once: more are gathered only where the auction platform takes more in one call. */
const BATCH_SIZE = 10;
const GATHERING_SECONDS = 1;
/** With the pauses between them, an outage of the auction platform of half an hour costs no order its place. */
const DELIVERIES = 10;

/** The whole system of one environment; it reads as the picture in the README is drawn. */
export class OrdersStack extends EnvironmentStack {
  /** @param bundles the folder with one zip per function */
  constructor(scope: Construct, environment: Environment, bundles: string) {
    super(scope, environment);
    const {
      account_id: accountId,
      region,
      api,
      results: waiting,
      orders,
      retention,
      schedules,
      functions,
    } = environment;
    const preventDestroy = environment.deletion_protection && environment.decommission === undefined;
    const logRetentionDays = retention.logs_days;
    const makeFunction = functionFactory(this, bundles);

    // What is stored, and who is notified.
    const table = new Table(this, "orders-table", {
      name: this.nameOf("orders"),
      ...ORDERS,
      stream: environment.order_changes !== undefined,
      pointInTimeRecovery: retention.table_recovery,
      deletionProtection: preventDestroy,
    });
    const checkpoints = new Table(this, "checkpoints-table", {
      name: this.nameOf("orders-checkpoints"),
      ...CHECKPOINTS,
      pointInTimeRecovery: retention.table_recovery,
      deletionProtection: preventDestroy,
    });
    const sums = new Table(this, "sums-table", {
      name: this.nameOf("orders-sums"),
      ...SUMS,
      pointInTimeRecovery: retention.table_recovery,
      deletionProtection: preventDestroy,
    });
    const archive = new Bucket(this, "archive", {
      name: `${this.nameOf("orders-archive")}-${accountId}`,
      expirationDays: retention.archive_days,
      ...(retention.archive_locked ? { lockedDays: retention.archive_days } : {}),
      preventDestroy,
    });
    const billing = environment.budget === undefined ? [] : [BUDGETS];
    const administrators = keyAdministrators(environment);
    const key = new Key(this, "topics-key", {
      name: this.nameOf("orders-topics"),
      accountId,
      services: [CLOUDWATCH, ...billing],
      ...(administrators === undefined ? {} : { administrators }),
    });
    const notifications = new Topic(this, "notifications", {
      name: this.nameOf("orders-notifications"),
      accountId,
      key,
      services: billing,
    });
    const alarms = new Topic(this, "alarms", {
      name: this.nameOf("orders-alarms"),
      accountId,
      key,
      services: [CLOUDWATCH],
    });
    const changes =
      environment.order_changes === undefined
        ? undefined
        : new Topic(this, "order-changes", { name: this.nameOf("orders-changes"), accountId, key });
    const failures = new FailureQueue(this, "failures", {
      name: this.nameOf("orders-failures"),
      preventDestroy,
      topicArns: [notifications, alarms, ...(changes === undefined ? [] : [changes])].map(({ arn }) => arn),
    });

    // POST /orders ─▶ place-orders ─▶ table ─▶ queue ─▶ submit-orders ─▶ auction platform
    const batchSize = Math.max(BATCH_SIZE, ordersPerCall(environment));
    const windowSeconds = batchSize > BATCH_SIZE ? GATHERING_SECONDS : 0;
    const queue = new Queue(this, "orders-queue", {
      name: this.nameOf("orders"),
      visibilityTimeoutSeconds: 6 * functions["submit-orders"].timeout_seconds + windowSeconds,
      maxReceiveCount: DELIVERIES,
      preventDestroy,
    });
    const placeOrders = makeFunction(PLACE_ORDERS, {
      uses: {
        ORDERS_TABLE: table,
        SUMS_TABLE: sums,
        CHECKPOINTS_TABLE: checkpoints,
        ORDERS_QUEUE_URL: queue,
      },
      settings: { GATE_MARGIN_SECONDS: orders.gate_margin_seconds, LIMITS: orders.limits },
    });

    const auction = auctionOf(this, makeFunction);
    const submitOrders = makeFunction(SUBMIT_ORDERS, {
      uses: {
        ORDERS_TABLE: table,
        CHECKPOINTS_TABLE: checkpoints,
        ORDERS_QUEUE_URL: queue,
        TOPIC_ARN: notifications,
      },
      settings: {
        ORDERS_PER_CALL: ordersPerCall(environment),
        // A test order is never a bid on a real auction platform.
        TEST_ORDERS: environment.auction.type === "http" ? "closed" : "submitted",
      },
      auction,
    });
    // What it stores says that every attempt to send it is noted: no earlier release's submitter may come across it.
    placeOrders.follow(submitOrders);
    submitOrders.consume(queue, {
      batchSize,
      windowSeconds,
      maxConcurrency: environment.submissions_at_once,
    });

    const sweepOrders = makeFunction(SWEEP_ORDERS, {
      uses: {
        ORDERS_TABLE: table,
        CHECKPOINTS_TABLE: checkpoints,
        ORDERS_QUEUE_URL: queue,
        ARCHIVE_BUCKET: archive,
        TOPIC_ARN: notifications,
      },
      settings: {
        STUCK_AFTER_SECONDS: orders.stuck_after_seconds,
        OVERDUE_AFTER_SECONDS: orders.overdue_after_seconds,
        RETENTION_DAYS: retention.orders_days,
      },
    });

    // DELETE /orders/{order_id} ─▶ cancel-orders ─▶ table, auction platform
    const cancelOrders = makeFunction(CANCEL_ORDERS, {
      uses: { ORDERS_TABLE: table },
      settings: {},
      auction: withdrawalsFrom(auction, environment),
    });

    // GET /orders… ─▶ query-orders ─▶ table
    const queryOrders = makeFunction(QUERY_ORDERS, {
      uses: { ORDERS_TABLE: table, CHECKPOINTS_TABLE: checkpoints },
      settings: {},
    });
    const httpApi = new HttpApi(this, "api", {
      name: this.nameOf("orders"),
      auth: api.auth,
      throttling: api.throttling,
      routes: [
        ...PLACE_ROUTES.map((key) => ({ key, handler: placeOrders })),
        ...CANCEL_ROUTES.map((key) => ({ key, handler: cancelOrders })),
        ...QUERY_ROUTES.map((key) => ({ key, handler: queryOrders })),
      ],
      logRetentionDays,
    });

    // schedule ─▶ state machine: fetch-results ─▶ archive-results ─▶ bucket, topic, table
    const taskTimeoutSeconds =
      Math.max(functions["fetch-results"].timeout_seconds, functions["archive-results"].timeout_seconds) + 5;
    const leaseSeconds = Math.max(taskTimeoutSeconds, waiting.wait_seconds) + 5;
    const fetchResults = makeFunction(FETCH_RESULTS, {
      uses: { CHECKPOINTS_TABLE: checkpoints, ARCHIVE_BUCKET: archive },
      settings: { PAGE_LIMIT: waiting.page_limit, LEASE_SECONDS: leaseSeconds },
      auction,
    });
    const archiveResults = makeFunction(ARCHIVE_RESULTS, {
      uses: {
        ORDERS_TABLE: table,
        CHECKPOINTS_TABLE: checkpoints,
        ARCHIVE_BUCKET: archive,
        TOPIC_ARN: notifications,
      },
      settings: { LEASE_SECONDS: leaseSeconds, RETENTION_DAYS: retention.orders_days },
    });
    const results = new StateMachine(this, "results", {
      name: this.nameOf("orders-results"),
      accountId,
      definition: resultsPipeline({
        environmentName: environment.name,
        fetchFunctionArn: fetchResults.arn,
        archiveFunctionArn: archiveResults.arn,
        topicArn: notifications.arn,
        waiting,
        taskTimeoutSeconds,
      }),
      calls: { functions: [fetchResults, archiveResults], topics: [notifications] },
      logRetentionDays,
    });
    for (const [id, schedule, target] of [
      ["results-schedule", schedules.results, results],
      ["sweep-schedule", schedules.sweep, sweepOrders],
    ] as const) {
      const { expression, time_zone: timeZone, enabled } = schedule;
      new Schedule(this, id, {
        name: this.nameOf(id),
        accountId,
        expression,
        timeZone,
        enabled,
        target,
        failures,
      });
    }
    sweepOrders.sendFailuresTo(failures);

    // topics ─▶ notify-slack ─▶ Slack; alarms ─▶ people
    const notifySlack = makeFunction(NOTIFY_SLACK, {
      uses: {
        SLACK_WEBHOOK_PARAMETER: new Parameter("slack-webhook", environment.slack_webhook_parameter, {
          accountId,
          region,
        }),
      },
      settings: {},
    });
    notifySlack.sendFailuresTo(failures);
    notifications.invoke(notifySlack, failures);
    alarms.invoke(notifySlack, failures, RANG);
    for (const recipient of environment.alarms.recipients) alarms.mail(recipient, RANG);
    if (environment.budget !== undefined)
      new Budget(this, "budget", {
        name: this.nameOf("orders"),
        usdPerMonth: environment.budget.usd_per_month,
        tag: { key: "environment", value: environment.tags.environment },
        topic: notifications,
        recipients: environment.alarms.recipients,
      });
    if (changes !== undefined) {
      publishOrderChanges(this, makeFunction, { table, changes, alarms, failures });
      this.output("order_changes_topic", changes.arn);
    }
    const watched = { queue, failures, results, api: httpApi };
    addAlarms(this, alarms, watched);
    addDashboard(this, watched);

    this.output("api_endpoint", httpApi.endpoint);
    this.output("orders_table", table.name);
    this.output("checkpoints_table", checkpoints.name);
    this.output("orders_queue", queue.url);
    this.output("archive_bucket", archive.name);
    this.output("notifications_topic", notifications.arn);
    this.output("results_state_machine", results.arn);
  }

  private output(name: string, value: string): void {
    new TerraformOutput(this, name, { value, staticId: true });
  }
}
