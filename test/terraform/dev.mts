import { applied, looksAsConfigured } from "./checks.mts";
import { run } from "./processes.mts";
import { expect, plain, tail } from "./report.mts";
import type { World } from "./world.mts";

/** dev is deployed by the cdktf CLI, as an engineer types it. `--skip-provider-lock`: the lock wants the registry's answer for every platform. */
const cdktf = async (world: World, command: "plan" | "apply", ...options: string[]): Promise<string> => {
  const typed = ["run", "--silent", "cdktf", "--", command, "dev", "--skip-provider-lock"];
  const { code, output } = await run("npm", [...typed, "--output", world.outputOf("dev"), ...options], {
    cwd: process.cwd(),
    env: { ...world.asRole("dev", command), CI: "1", ORDERS_ENVIRONMENTS: world.files() },
    seconds: 420,
  });
  expect(code === 0, tail(output));
  return output;
};

export const dev = async (world: World): Promise<void> => {
  await world.judged("dev", "cdktf plan dev", async () => {
    const output = await cdktf(world, "plan");
    expect(plain(output).includes("to add"), tail(output));
  });
  await applied(world, "dev", async () => {
    await cdktf(world, "apply", "--auto-approve");
  });
  await looksAsConfigured(world, "dev");
};
