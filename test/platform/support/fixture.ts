import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { zipSync } from "fflate";
import { temporaryFolder } from "../../support/temporary-folder";

/** A small synthesized stack in a temporary folder, as the cdktf app would have written it. */

export type Resources = Readonly<Record<string, Readonly<Record<string, object>>>>;

export const newFolder = (): string => temporaryFolder("local");

const merge = (parts: ReadonlyArray<Resources>): Record<string, Record<string, object>> => {
  const all: Record<string, Record<string, object>> = {};
  for (const part of parts)
    for (const [type, byName] of Object.entries(part)) all[type] = { ...all[type], ...byName };
  return all;
};

/** Writes a stack of these resources; returns its folder. */
export const writeStack = (...parts: ReadonlyArray<Resources>): string => {
  const folder = newFolder();
  writeFileSync(
    join(folder, "cdk.tf.json"),
    JSON.stringify({
      provider: { aws: [{ region: "eu-central-1", allowed_account_ids: ["000000000000"] }] },
      resource: merge(parts),
    }),
  );
  return folder;
};

const assumedBy = (service: string): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: service } }],
  });

export const role = (name: string, service = "lambda.amazonaws.com"): Resources => ({
  aws_iam_role: { [name]: { name, assume_role_policy: assumedBy(service) } },
});

/** Lets a role do something; `resource` may hold references. */
export const grant = (to: string, action: string | ReadonlyArray<string>, resource: string): Resources => ({
  aws_iam_role_policy: {
    [`${to}-${[action].flat().join("-")}`]: {
      role: `\${aws_iam_role.${to}.name}`,
      name: [action].flat().join("-").replaceAll(":", "-"),
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: action, Resource: resource }],
      }),
    },
  },
});

/** Invokes a function every second, as the role `scheduler`. */
export const everySecond = (name: string, input?: string): Resources => ({
  aws_scheduler_schedule: {
    tick: {
      name: "tick",
      schedule_expression: "rate(1 second)",
      flexible_time_window: { mode: "OFF" },
      target: {
        arn: `\${aws_lambda_function.${name}.arn}`,
        role_arn: "${aws_iam_role.scheduler.arn}",
        ...(input === undefined ? {} : { input }),
      },
    },
  },
});

/** Lets a service invoke a function, for any resource of its own. */
export const permission = (name: string, principal: string): Resources => ({
  aws_lambda_permission: {
    [`${name}-${principal}`]: {
      action: "lambda:InvokeFunction",
      function_name: `\${aws_lambda_function.${name}.function_name}`,
      principal,
    },
  },
});

/** A function whose module is `source`, with its role. */
export const lambda = (name: string, source: string, config: object = {}, sourceMap?: string): Resources => {
  const filename = join(newFolder(), `${name}.zip`);
  writeFileSync(
    filename,
    zipSync({
      "index.js": new TextEncoder().encode(source),
      ...(sourceMap === undefined ? {} : { "index.js.map": new TextEncoder().encode(sourceMap) }),
    }),
  );
  return merge([
    role(name),
    {
      aws_lambda_function: {
        [name]: {
          function_name: name,
          filename,
          handler: "index.handler",
          runtime: "nodejs22.x",
          role: `\${aws_iam_role.${name}.arn}`,
          ...config,
        },
      },
    },
  ]);
};

/** An HTTP API with one route per function. */
export const httpApi = (
  routes: Readonly<Record<string, { readonly target: string; readonly authorization?: string }>>,
  throttling: object = {},
): Resources => ({
  ...merge(Object.values(routes).map(({ target }) => permission(target, "apigateway.amazonaws.com"))),
  aws_apigatewayv2_api: { api: { name: "api", protocol_type: "HTTP" } },
  aws_apigatewayv2_stage: {
    api: {
      api_id: "${aws_apigatewayv2_api.api.id}",
      name: "$default",
      auto_deploy: true,
      ...throttling,
    },
  },
  aws_apigatewayv2_integration: Object.fromEntries(
    Object.values(routes).map(({ target }) => [
      target,
      {
        api_id: "${aws_apigatewayv2_api.api.id}",
        integration_type: "AWS_PROXY",
        integration_uri: `\${aws_lambda_function.${target}.invoke_arn}`,
        payload_format_version: "2.0",
      },
    ]),
  ),
  aws_apigatewayv2_route: Object.fromEntries(
    Object.entries(routes).map(([route_key, { target, authorization = "NONE" }], index) => [
      `route-${index}`,
      {
        api_id: "${aws_apigatewayv2_api.api.id}",
        route_key,
        target: `integrations/\${aws_apigatewayv2_integration.${target}.id}`,
        authorization_type: authorization,
      },
    ]),
  ),
});
