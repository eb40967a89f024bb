/** `npm run bench -- PART`: what a part of the platform costs, beside its own baseline in the same run. */
import { writeFileSync } from "node:fs";
import { cold } from "./bench/cold";
import { ratios, table } from "./bench/table";
import { command, Ended, main, run, userPath, wrongUse } from "../lib/command";

const DONE = 0;
const FAILED = 1;

const wholeRounds = (text: string): number => {
  if (!/^[1-9]\d{0,3}$/.test(text))
    throw new Ended(wrongUse(`--rounds ${text}: expected a whole number from 1 to 9999`));
  return Number(text);
};

const program = command("bench").description(
  "measure a part of the platform beside its own baseline, both in turns in the same run",
);

program.addCommand(
  command("cold")
    .description("how long each function takes to start, beside a bare client of the SDK with its commands")
    .option("--rounds <n>", "starts of each", "15")
    .option("--json <file>", "write the result there too")
    .addHelpText(
      "after",
      `
The first columns are the function's time, CPU time and size over those of the bare client: trust these, not the
milliseconds; on a busy machine, trust the CPU time.

Exit status: 0 measured; 1 something does not start; 2 wrong use.`,
    )
    .action((options) =>
      run(FAILED, async () => {
        const rounds = wholeRounds(options.rounds);
        const rows = await cold(rounds);
        for (const line of table(rows)) console.log(line);
        if (options.json !== undefined)
          writeFileSync(
            userPath(options.json),
            `${JSON.stringify({ cold: { rounds, rows: rows.map((row) => ({ ...row, ratios: ratios(row) })) } }, null, 2)}\n`,
          );
        return DONE;
      }),
    ),
);

void main(program);
