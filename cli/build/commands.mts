import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./files.mts";

const IMPORT = /import (?:type )?\{([^}]*)\} from "(@aws-sdk\/client-[\w-]+)"/g;

/** What the functions import of the SDK's clients, by client. */
const imports = (): ReadonlyArray<readonly [client: string, names: string]> =>
  readdirSync(join(root, "functions"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .flatMap((file) => [...readFileSync(join(root, "functions", file), "utf8").matchAll(IMPORT)])
    .map(([, names = "", client = ""]) => [client, names]);

/** The commands that the functions send by a client. */
export const commandsOf = (client: string): ReadonlyArray<string> => [
  ...new Set(
    imports()
      .filter(([from]) => from === client)
      .flatMap(([, names]) => names.match(/\w+Command\b/g) ?? []),
  ),
];
