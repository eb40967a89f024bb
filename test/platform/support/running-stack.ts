import { join } from "node:path";
import { makeActivity } from "../../../local/activity";
import { type Platform, startPlatform } from "../../../local/platform";
import { newFolder, type Resources, writeStack } from "./fixture";
import { jsonLines } from "./json-lines";

/** A platform that runs a small stack within the test, and what it has shown. */
export type RunningStack = Platform & {
  readonly lines: ReadonlyArray<string>;
  /** Settings for any AWS SDK client. */
  readonly client: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
    readonly maxAttempts: number;
  };
};

export const runStack = async (
  resources: ReadonlyArray<Resources>,
  options: { readonly data?: string; readonly schedule?: string } = {},
): Promise<RunningStack> => {
  const lines: string[] = [];
  const platform = await startPlatform({
    data: newFolder(),
    port: 0,
    awsPort: 0,
    stack: writeStack(...resources),
    activity: makeActivity((line) => lines.push(line), false),
    onDeath: (error) => {
      throw error;
    },
    ...options,
  });
  return {
    ...platform,
    lines,
    client: {
      endpoint: platform.awsUrl,
      region: platform.region,
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
      maxAttempts: 1,
    },
  };
};

/** A folder in which functions of a fixture leave what they were given, one JSON line each. */
export const recordings = () => {
  const folder = newFolder();
  return {
    /** JavaScript for a function's source: `record(name, value)`. */
    source: `const record = (name, value) =>
      require("node:fs").appendFileSync(${JSON.stringify(folder)} + "/" + name, JSON.stringify(value) + "\\n");`,
    read: (name: string) => jsonLines(join(folder, name)),
  };
};
