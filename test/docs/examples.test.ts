import { readFileSync } from "node:fs";
import { newFolder } from "../platform/support/fixture";
import { endAll, startProcess } from "../platform/support/platform-process";

/** The requests that docs/api.md shows, sent as they stand to a running platform. */

const page = readFileSync("docs/api.md", "utf8");
const LOCAL = "http://127.0.0.1:3000";

type Example = { readonly method: string; readonly url: string; readonly body?: string };

/** `curl … [--data 'BODY'] URL`, of the local platform: those that ask for a signature name `$API`. */
const curls = [...page.matchAll(/^curl (.+)$/gm)]
  .map(([, words = ""]) => words)
  .filter((words) => words.includes(LOCAL))
  .map((words): Example => {
    const body = /--data '([^']*)'/.exec(words)?.[1];
    const url = /'?(http:[^' ]+)'?$/.exec(words)?.[1] ?? "";
    return body === undefined ? { method: "GET", url } : { method: "POST", url, body };
  });

const files = [...page.matchAll(/```http\n(\w+) (\S+)\n[\s\S]*?\n\n([\s\S]*?)\n```/g)].map(
  ([, method = "", url = "", body = ""]): Example => ({ method, url, body }),
);

jest.setTimeout(120_000);

afterAll(endAll);

it("docs/api.md shows requests that are answered as it says", async () => {
  const { apiUrl } = await startProcess(["--data", newFolder(), "--schedule", "off"]);
  const answers: Array<readonly [string, number]> = [];
  for (const { method, url, body } of [...curls, ...files]) {
    const response = await fetch(url.replace(LOCAL, apiUrl), {
      method,
      ...(body === undefined ? {} : { body, headers: { "content-type": "application/json" } }),
    });
    answers.push([method, response.status]);
  }
  expect(answers).toEqual([
    ["POST", 201],
    ["GET", 200],
    ["GET", 200],
    ["POST", 201],
  ]);
});
