import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import type { Console } from "./console";
import { OPERATOR_KEY } from "./engine/gateway/callers";
import { LOOPBACK } from "./engine/gateway/server";
import { root } from "./paths";
import type { Platform } from "./platform";

/**
 * A request to begin with: the first POST route that `test/fixtures` has an example for (`POST /orders`:
 * `orders.json`), or else the first GET route without variables.
 */
const curlLine = (apiUrl: string, routes: ReadonlyArray<string>, proof: string): string | undefined => {
  for (const route of routes) {
    const path = /^POST (\/[\w-]+)$/.exec(route)?.[1];
    const example = path === undefined ? "" : join(root, "test", "fixtures", `${path.slice(1)}.json`);
    if (path !== undefined && existsSync(example)) {
      const file = relative(process.cwd(), example);
      return `curl -sS${proof} -H 'content-type: application/json' --data @${file} ${apiUrl}${path}`;
    }
  }
  const path = routes.map((route) => /^GET (\/[\w/-]*)$/.exec(route)?.[1]).find((one) => one !== undefined);
  return path === undefined ? undefined : `curl -sS${proof} ${apiUrl}${path}`;
};

/** The options curl needs to be authorized. */
const proofOf = (authorization: Platform["authorization"], region: string): string => {
  switch (authorization) {
    case "NONE":
      return "";
    case "AWS_IAM":
      return ` --aws-sigv4 aws:amz:${region}:execute-api --user ${OPERATOR_KEY.accessKeyId}:${OPERATOR_KEY.secretAccessKey}`;
    case "JWT":
      return ' -H "authorization: Bearer $TOKEN"';
  }
};

const elsewhere = ({ taken }: Pick<Console, "taken">): string =>
  taken === undefined ? "" : `  (${taken} is taken by another program; --console-port names another)`;

/** What a person sees when the platform is ready. */
export const greeting = (
  { apiUrl, awsUrl, host, region, routes, authorization }: Platform,
  pages: Pick<Console, "url" | "taken"> | undefined,
  data: string,
  ms: number,
): string => {
  const curl = apiUrl === undefined ? undefined : curlLine(apiUrl, routes, proofOf(authorization, region));
  const credentials = `AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_DEFAULT_REGION=${region}`;
  return [
    `ready in ${(ms / 1_000).toFixed(1)} s, ${host === LOOPBACK ? "listening on loopback only" : `the API listens on ${host}: whoever reaches this machine reaches it`}`,
    ...(apiUrl === undefined ? [] : [`  API      ${apiUrl}`]),
    `  AWS      ${awsUrl}`,
    ...(pages === undefined ? [] : [`  console  ${pages.url}${elsewhere(pages)}`]),
    `  data     ${data}`,
    "",
    ...(curl === undefined ? [] : [`  ${curl}`]),
    `  ${credentials} aws --endpoint-url ${awsUrl} s3 ls`,
    "",
  ].join("\n");
};
