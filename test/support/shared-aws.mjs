import process from "node:process";
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

const STACK = { provider: { aws: [{ region: "eu-central-1", allowed_account_ids: ["000000000000"] }] } };

/** Starts the local platform, as built, without a resource; it ends with this process. */
const start = () =>
  new Promise((resolve, reject) => {
    const folder = mkdtempSync(join(tmpdir(), "orders-aws-"));
    mkdirSync(join(folder, "stack"));
    writeFileSync(join(folder, "stack", "cdk.tf.json"), JSON.stringify(STACK));
    const folders = ["--stack", join(folder, "stack"), "--data", join(folder, "data")];
    const ports = ["--port", "0", "--aws-port", "0", "--console-port", "off"];
    const platform = spawn(process.execPath, ["dist/local.js", ...folders, ...ports], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    platform.unref();
    process.once("exit", () => {
      platform.kill("SIGKILL");
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    });
    let printed = "";
    for (const output of [platform.stdout, platform.stderr]) {
      output.unref();
      output.setEncoding("utf8").on("data", (text) => {
        printed += text;
        const [, endpoint] = /ready in[^]*AWS +(http:\S+)/.exec(printed) ?? [];
        if (endpoint !== undefined) resolve(endpoint);
      });
    }
    platform.once("close", () =>
      reject(new Error(`dist/local.js, which npm run build makes, has ended: ${printed}`)),
    );
  });

/**
 * The AWS APIs of one local platform for all suites that need no stack: JEST_AWS answers where they are. The first
 * suite that asks starts them.
 */
export default async () => {
  let endpoint;
  const server = createServer((_, response) => {
    endpoint ??= start();
    endpoint.then(
      (url) => response.end(url),
      ({ message }) => response.writeHead(503).end(message),
    );
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  server.unref();
  process.env.JEST_AWS = `http://127.0.0.1:${server.address().port}`;
};
