import { applied, destroyed, looksAsConfigured, planned } from "./checks.mts";
import { expect, plain, step } from "./report.mts";
import { READ_BEFORE } from "./workspace.mts";
import { DECISION, type World } from "./world.mts";

/** prod refuses to be destroyed until its environment file says who decided it, as the README tells. */
export const prod = async (world: World): Promise<void> => {
  await planned(world, "prod");
  await applied(world, "prod", async () => {
    await world.workspace("prod").applyPlanned();
  });
  await looksAsConfigured(world, "prod");
  await step("prod: refuses to be destroyed, naming what it protects", async () => {
    const { code, output } = await world
      .workspace("prod")
      .terraform(["destroy", "-input=false", "-auto-approve", READ_BEFORE], 180, "apply");
    expect(code !== 0 && plain(output).includes("Instance cannot be destroyed"), output.slice(-800));
    for (const address of [
      "aws_dynamodb_table.orders_table",
      "aws_s3_bucket.archive",
      "aws_sqs_queue.orders_queue",
    ])
      expect(plain(output).includes(address), `${address} is not named:\n${output.slice(-1_500)}`);
  });
  await world.judged(
    "prod",
    "with its decommissioning declared, applied and destroyed, leaves nothing",
    async () => {
      await world.synthesizeChanged("prod", "decommission", (file) => ({ ...file, decommission: DECISION }));
      const stack = world.workspace("prod", "decommission");
      await stack.apply(READ_BEFORE);
      await destroyed(stack);
    },
  );
};
