/** `npm run synth`: writes the stacks to cdktf.out and says how large each is. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isLeft } from "fp-ts/Either";
import * as t from "io-ts";
import { command, main, run } from "../lib/command";

const Manifest = t.type({ stacks: t.record(t.string, t.type({ synthesizedStackPath: t.string })) });
const Stack = t.type({ resource: t.record(t.string, t.record(t.string, t.unknown)) });

const OUTDIR = "cdktf.out";

const read = <A>(codec: t.Decoder<unknown, A>, text: string, file: string): A => {
  const decoded = codec.decode(JSON.parse(text));
  if (isLeft(decoded)) throw new Error(`${file}: is not what cdktf writes; is another version installed?`);
  return decoded.right;
};

const summary = (name: string, path: string): string => {
  const text = readFileSync(path, "utf8");
  const { resource } = read(Stack, text, path);
  const resources = Object.values(resource).reduce((sum, ofType) => sum + Object.keys(ofType).length, 0);
  const digest = createHash("sha256").update(text).digest("hex").slice(0, 12);
  return `${name.padEnd(12)} ${String(resources).padStart(4)} resources   sha256 ${digest}   ${path}`;
};

const synth = (environments: ReadonlyArray<string>): number => {
  console.log("synthesizing …");
  const app = spawnSync(
    process.execPath,
    [join(__dirname, "main.js"), ...environments.flatMap((name) => ["--environment", name])],
    { stdio: "inherit" },
  );
  if (app.status !== 0) return app.status ?? 1;
  const manifest = join(OUTDIR, "manifest.json");
  const { stacks } = read(Manifest, readFileSync(manifest, "utf8"), manifest);
  for (const [name, { synthesizedStackPath }] of Object.entries(stacks).sort(([a], [b]) => (a < b ? -1 : 1)))
    console.log(summary(name, join(OUTDIR, synthesizedStackPath)));
  return 0;
};

const program = command("synth")
  .description("write the Terraform stack of every environment to cdktf.out, and print how large each is")
  .option("--environment <name...>", "only these", [])
  .addHelpText(
    "after",
    `
Environment: ORDERS_ENVIRONMENTS, another folder of environment files.

Exit status: 0 written; 1 the environment files are faulty, each fault a line; 2 wrong use.`,
  )
  .action(({ environment }) => run(1, () => synth(environment)));

void main(program);
