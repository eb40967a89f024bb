import { readdirSync } from "node:fs";
import {
  declaredEnvironments,
  type Declared,
  parsed,
  shippedEnvironments,
  shippedNames,
} from "../support/synth";
import { DURATIONS, NEWEST_RESULTS, ORDERS, UNREADABLE_ORDERS } from "../../functions/metrics";

const stacks = declaredEnvironments();
const stack = (name: string): Declared => {
  const found = stacks.get(name);
  if (found === undefined) throw new Error(`no stack ${name}`);
  return found;
};

describe("main.ts", () => {
  it("declares a stack for each environment", () => {
    expect([...stacks.keys()]).toEqual(
      readdirSync("environments").flatMap((file) => /^(.+)\.json$/.exec(file)?.[1] ?? []),
    );
  });
});

describe.each(shippedNames)("the stack %s", (name) => {
  const declared = stack(name);
  const tellsChanges = shippedEnvironments().some(
    (one) => one.name === name && one.order_changes !== undefined,
  );
  const isReal = shippedEnvironments().some((one) => one.name === name && one.auction.type === "http");
  const perCall = shippedEnvironments().find((one) => one.name === name)?.auction.orders_per_call;

  it("tells where everything is", () => {
    expect(declared.outputs).toEqual([
      "api_endpoint",
      "archive_bucket",
      "checkpoints_table",
      "notifications_topic",
      ...(tellsChanges ? ["order_changes_topic"] : []),
      "orders_queue",
      "orders_table",
      "results_state_machine",
    ]);
  });

  it("works in its own account only, with a provider that is tried", () => {
    const account = shippedEnvironments().find((environment) => environment.name === name)?.account_id;
    expect(declared.provider).toMatchObject({ aws: [{ allowed_account_ids: [account] }] });
    expect(declared.terraform).toMatchObject({ required_providers: { aws: { version: ">= 5.100, < 7" } } });
  });

  it("holds orders in a table with its two sparse indexes and one of the keys of every order", () => {
    const table = declared.one("aws_dynamodb_table.orders_table");
    expect(table).toMatchObject({
      name: `${name}-orders`,
      hash_key: "order_id",
      global_secondary_index: [
        {
          name: "in-flight",
          hash_key: "in_flight_shard",
          range_key: "in_flight_since",
          projection_type: "ALL",
        },
        { name: "decided", hash_key: "decided_shard", range_key: "decided_since", projection_type: "ALL" },
        { name: "listed", hash_key: "listed_shard", range_key: "listed_at", projection_type: "KEYS_ONLY" },
        {
          name: "delivered",
          hash_key: "delivered_shard",
          range_key: "delivered_from",
          projection_type: "KEYS_ONLY",
        },
      ],
      ttl: { attribute_name: "expires_at", enabled: true },
    });
  });

  it("watches the metric that its functions log of stored orders that cannot be read", () => {
    expect(Object.values(declared.all("aws_cloudwatch_metric_alarm"))).toContainEqual(
      expect.objectContaining({
        alarm_name: `${name}-orders-unreadable`,
        namespace: UNREADABLE_ORDERS.namespace,
        metric_name: UNREADABLE_ORDERS.name,
        dimensions: { environment: name },
        threshold: 0,
      }),
    );
  });

  it("shows every metric of its functions on its dashboard, and queries only logs that it has", () => {
    const { dashboard_name, dashboard_body } = declared.one("aws_cloudwatch_dashboard.dashboard");
    expect(dashboard_name).toBe(`${name}-orders`);
    for (const metric of [...Object.values(ORDERS), ...Object.values(DURATIONS), NEWEST_RESULTS])
      expect(dashboard_body).toContain(`["OrdersPlatform","${metric}","environment","${name}",`);
    const groups = Object.values(declared.all("aws_cloudwatch_log_group")).map((group) => group["name"]);
    const queries = Object.values(declared.all("aws_cloudwatch_query_definition"));
    expect(queries).toHaveLength(3);
    for (const query of queries)
      expect(groups).toEqual(expect.arrayContaining([query["log_group_names"]].flat()));
  });

  it("gives each function only the variables its codec knows and the common ones", () => {
    const variables = Object.fromEntries(
      Object.entries(declared.all("aws_lambda_function")).map(([id, { environment }]) => [
        id,
        Object.keys((environment as { variables: object }).variables).sort(),
      ]),
    );
    const auction = isReal
      ? ["AUCTION_AUTH", "AUCTION_KEY_PARAMETER", "AUCTION_URL"]
      : ["AUCTION_AUTH", "AUCTION_URL"];
    const all = ["ENVIRONMENT", "LOG_LEVEL"];
    expect(variables).toEqual({
      place_orders: [
        ...all,
        "CHECKPOINTS_TABLE",
        "GATE_MARGIN_SECONDS",
        "LIMITS",
        "ORDERS_QUEUE_URL",
        "ORDERS_TABLE",
        "SUMS_TABLE",
      ].sort(),
      // No real auction platform here gives orders back.
      cancel_orders: [...(isReal ? ["AUCTION_AUTH"] : auction), ...all, "ORDERS_TABLE"],
      query_orders: ["CHECKPOINTS_TABLE", ...all, "ORDERS_TABLE"],
      submit_orders: [
        ...auction,
        "CHECKPOINTS_TABLE",
        ...all,
        "ORDERS_PER_CALL",
        "ORDERS_QUEUE_URL",
        "ORDERS_TABLE",
        "TEST_ORDERS",
        "TOPIC_ARN",
      ],
      sweep_orders: [
        "ARCHIVE_BUCKET",
        ...all,
        "CHECKPOINTS_TABLE",
        "ORDERS_QUEUE_URL",
        "ORDERS_TABLE",
        "OVERDUE_AFTER_SECONDS",
        "RETENTION_DAYS",
        "STUCK_AFTER_SECONDS",
        "TOPIC_ARN",
      ].sort(),
      fetch_results: [
        "ARCHIVE_BUCKET",
        ...auction,
        "CHECKPOINTS_TABLE",
        ...all,
        "LEASE_SECONDS",
        "PAGE_LIMIT",
      ].sort(),
      archive_results: [
        "ARCHIVE_BUCKET",
        "CHECKPOINTS_TABLE",
        ...all,
        "LEASE_SECONDS",
        "ORDERS_TABLE",
        "RETENTION_DAYS",
        "TOPIC_ARN",
      ].sort(),
      notify_slack: [...all, "SLACK_WEBHOOK_PARAMETER"],
      ...(tellsChanges ? { publish_changes: ["CHANGES_TOPIC_ARN", ...all] } : {}),
      ...(isReal
        ? {}
        : {
            auction_simulator: [
              "ACCEPTANCE",
              ...all,
              "LEDGER_TABLE",
              "PARTIAL",
              "PRELIMINARY",
              "REFUSAL",
              "RESULT_DELAY_MAX_SECONDS",
              "RESULT_DELAY_MIN_SECONDS",
              "SEED",
            ].sort(),
          }),
    });
  });

  it("submits test orders to the simulator only", () => {
    expect(declared.one("aws_lambda_function.submit_orders")["environment"]).toMatchObject({
      variables: isReal ? { TEST_ORDERS: "closed" } : { TEST_ORDERS: "submitted" },
    });
  });

  it("keeps a message from its consumer's retries for six of its time-outs and the gathering of a batch", () => {
    const queue = declared.one("aws_sqs_queue.orders_queue");
    const consumer = declared.one("aws_lambda_function.submit_orders");
    const source = declared.one("aws_lambda_event_source_mapping.submit_orders_orders_queue_source");
    expect(queue["visibility_timeout_seconds"]).toBe(
      6 * Number(consumer["timeout"]) + Number(source["maximum_batching_window_in_seconds"] ?? 0),
    );
    expect(source).toMatchObject({ function_response_types: ["ReportBatchItemFailures"] });
  });

  it("gathers larger batches only where the auction platform takes them in one call, and may call no other route", () => {
    const source = declared.one("aws_lambda_event_source_mapping.submit_orders_orders_queue_source");
    const { environment } = declared.one("aws_lambda_function.submit_orders");
    expect(environment).toMatchObject({ variables: { ORDERS_PER_CALL: String(perCall ?? 1) } });
    expect([source["batch_size"], source["maximum_batching_window_in_seconds"]]).toEqual(
      perCall === undefined ? [10, undefined] : [perCall, 1],
    );
    const policies = Object.entries(declared.all("aws_iam_role_policy"));
    const route = policies.find(([id]) => id.startsWith("submit_orders_role_auction"))?.[1]["policy"];
    if (!isReal)
      expect(JSON.stringify(route)).toContain(
        perCall === undefined ? '$default/POST/orders\\"' : '$default/POST/orders:batch\\"',
      );
  });

  it("holds the lease on the results for longer than any task or wait", () => {
    const lease = (id: string): number =>
      Number(
        (declared.one(`aws_lambda_function.${id}`)["environment"] as { variables: Record<string, string> })
          .variables["LEASE_SECONDS"],
      );
    const timeouts = ["fetch_results", "archive_results"].map((id) =>
      Number(declared.one(`aws_lambda_function.${id}`)["timeout"]),
    );
    const machine = parsed(declared.one("aws_sfn_state_machine.results")["definition"]) as {
      States: { WaitForResults: { Seconds: number }; FetchResults: { TimeoutSeconds: number } };
    };
    for (const id of ["fetch_results", "archive_results"]) {
      expect(lease(id)).toBeGreaterThan(Math.max(...timeouts));
      expect(lease(id)).toBeGreaterThan(machine.States.WaitForResults.Seconds);
      expect(lease(id)).toBeGreaterThan(machine.States.FetchResults.TimeoutSeconds);
    }
  });

  it("uses names AWS takes", () => {
    const longest = {
      aws_iam_role: 64,
      aws_lambda_function: 64,
      aws_sqs_queue: 80,
      aws_scheduler_schedule: 64,
      aws_sfn_state_machine: 80,
      aws_dynamodb_table: 255,
      aws_s3_bucket: 63,
      aws_sns_topic: 256,
    };
    for (const [type, most] of Object.entries(longest))
      for (const [id, attributes] of Object.entries(declared.all(type))) {
        const physical = String(attributes["name"] ?? attributes["function_name"] ?? attributes["bucket"]);
        expect(`${type}.${id} ${physical.length <= most}`).toBe(`${type}.${id} true`);
      }
  });
});

describe("the changes of orders", () => {
  it("are followed and told where a file asks for it, and cost nothing elsewhere", () => {
    const asked = new Map(
      shippedEnvironments().map(({ name, region, account_id, order_changes: changes }) => [
        name,
        changes?.queues.map((queue) => `arn:aws:sqs:${region}:${account_id}:${queue}`),
      ]),
    );
    expect([...asked.values()].filter((queues) => queues !== undefined)).not.toEqual([]);
    for (const [name, declared] of stacks) {
      const queues = asked.get(name);
      const subscribed = Object.values(declared.all("aws_sns_topic_subscription"))
        .filter(({ protocol }) => protocol === "sqs")
        .map(({ endpoint }) => endpoint);
      expect([name, subscribed]).toEqual([name, queues ?? []]);
      expect([name, declared.one("aws_dynamodb_table.orders_table")["stream_enabled"]]).toEqual([
        name,
        queues === undefined ? undefined : true,
      ]);
      expect([name, "publish_changes" in declared.all("aws_lambda_function")]).toEqual([
        name,
        queues !== undefined,
      ]);
    }
  });
});

describe.each(shippedEnvironments())("the budget of $name", ({ name, budget, alarms: { recipients } }) => {
  const declared = stack(name);

  it("is as its file says, or is none", () => {
    const told = {
      subscriber_sns_topic_arns: ["${aws_sns_topic.notifications.arn}"],
      ...(recipients.length === 0 ? {} : { subscriber_email_addresses: recipients }),
    };
    expect(Object.values(declared.all("aws_budgets_budget"))).toMatchObject(
      budget === undefined
        ? []
        : [
            {
              name: `${name}-orders`,
              limit_amount: String(budget.usd_per_month),
              cost_filter: [{ name: "TagKeyValue", values: [`user:environment$${name}`] }],
              notification: [told, told],
            },
          ],
    );
  });

  it("reaches Slack: through its topic's policy and key, and no filter, which only JSON passes", () => {
    for (const address of ["aws_sns_topic_policy.notifications_policy", "aws_kms_key.topics_key"])
      expect(JSON.stringify(parsed(declared.one(address)["policy"])).includes("budgets.amazonaws.com")).toBe(
        budget !== undefined,
      );
    expect(declared.one("aws_sns_topic_subscription.notifications_notify_slack")).not.toHaveProperty(
      "filter_policy",
    );
  });
});

describe("the environments", () => {
  it("share no physical name, role, log group, topic or state", () => {
    const names = [...stacks].flatMap(([environment, declared]) =>
      [
        `state ${JSON.stringify(declared.terraform["backend"] ?? declared.terraform["cloud"])}`,
        ...declared.addresses().flatMap((address) => {
          const [type = ""] = address.split(".");
          const attributes = declared.one(address);
          // Policies, rules and the like live inside something that has a name.
          if (["aws_iam_role_policy", "aws_apigatewayv2_stage"].includes(type)) return [];
          const physical =
            attributes["name"] ??
            attributes["function_name"] ??
            attributes["alarm_name"] ??
            attributes["bucket"];
          return typeof physical === "string" && !physical.startsWith("${") ? [`${type} ${physical}`] : [];
        }),
      ].map((physical) => ({ environment, physical })),
    );
    expect(names.length).toBeGreaterThan(200);
    const owners = Map.groupBy(names, ({ physical }) => physical);
    const twice = [...owners].filter(([, by]) => by.length > 1).map(([physical]) => physical);
    expect(twice).toEqual([]);
  });

  it("protect what prod keeps from being destroyed, and nothing elsewhere", () => {
    const protectedIn = (name: string): ReadonlyArray<string> =>
      stack(name)
        .addresses()
        .filter((address) =>
          JSON.stringify(stack(name).one(address)["lifecycle"] ?? {}).includes('"prevent_destroy":true'),
        );
    expect(protectedIn("prod")).toEqual([
      "aws_dynamodb_table.checkpoints_table",
      "aws_dynamodb_table.orders_table",
      "aws_dynamodb_table.sums_table",
      "aws_s3_bucket.archive",
      "aws_sqs_queue.failures",
      "aws_sqs_queue.orders_queue",
      "aws_sqs_queue.orders_queue_dlq",
    ]);
    for (const name of shippedNames.filter((one) => one !== "prod")) expect(protectedIn(name)).toEqual([]);
  });

  it("lock the archive where their file asks for it, without replacing the bucket", () => {
    expect(stack("prod").one("aws_s3_bucket_object_lock_configuration.archive_lock")).toMatchObject({
      rule: { default_retention: { mode: "GOVERNANCE", days: 3_650 } },
    });
    expect(stack("prod").one("aws_s3_bucket.archive")).not.toHaveProperty("object_lock_enabled");
    expect(stack("dev").all("aws_s3_bucket_object_lock_configuration")).toEqual({});
  });

  it("deploy the simulator only where there is no real auction platform", () => {
    expect(
      stack("prod")
        .addresses()
        .filter((address) => /auction_(api|ledger|simulator)/.test(address)),
    ).toEqual([]);
    expect(stack("dev").one("aws_apigatewayv2_route.auction_api_post_orders")["authorization_type"]).toBe(
      "AWS_IAM",
    );
  });
});
