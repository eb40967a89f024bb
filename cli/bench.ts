/** `npm run bench -- PART`: what a part of the platform costs, beside its own baseline in the same run. */
import { writeFileSync } from "node:fs";
import { cold } from "./bench/cold";
import { growth, growthTable, outgrown } from "./bench/growth";
import { intake, intakeTable } from "./bench/intake";
import { synth, synthTable } from "./bench/synth";
import { ratios, table } from "./bench/table";
import { command, Ended, failure, main, run, userPath, wrongUse } from "../lib/command";

const DONE = 0;
const FAILED = 1;

/** What a part prints, and what it writes with --json; what is far outside of what it should be. */
type Report = {
  readonly json: object;
  readonly lines: ReadonlyArray<string>;
  readonly wrong?: ReadonlyArray<string>;
};

const say = (line: string): void => console.error(line);

const whole = (option: string, text: string, most: number): number => {
  const value = /^[1-9]\d{0,8}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value <= most))
    throw new Ended(wrongUse(`--${option} ${text}: expected a whole number from 1 to ${most}`));
  return value;
};

const coldReport = async (rounds: number): Promise<Report> => {
  const rows = await cold(rounds);
  return {
    json: { cold: { rounds, rows: rows.map((row) => ({ ...row, ratios: ratios(row) })) } },
    lines: table(rows),
  };
};

const synthReport = (rounds: number): Report => {
  const synthesis = synth(rounds);
  return { json: { synth: { rounds, ...synthesis } }, lines: synthTable(synthesis) };
};

const growthReport = async (sizes: ReadonlyArray<number>): Promise<Report> => {
  const rows = await growth(sizes, say);
  return { json: { growth: rows }, lines: growthTable(rows), wrong: outgrown(rows) };
};

const intakeReport = async (orders: number): Promise<Report> => {
  const rates = await intake(orders, say);
  return { json: { intake: rates }, lines: intakeTable(rates) };
};

const print = (reports: ReadonlyArray<Report>, json: string | undefined): number => {
  for (const { lines } of reports)
    for (const line of ["", ...lines].slice(reports.length === 1 ? 1 : 0)) console.log(line);
  if (json !== undefined)
    writeFileSync(
      userPath(json),
      `${JSON.stringify(Object.assign({}, ...reports.map((report) => report.json)), null, 2)}\n`,
    );
  const wrong = reports.flatMap((report) => report.wrong ?? []);
  if (wrong.length > 0) throw new Ended(failure(FAILED, wrong.join("\n")));
  return DONE;
};

/** Powers of ten from a hundred up to so many. */
const sizesUpTo = (most: number): ReadonlyArray<number> =>
  [1e2, 1e3, 1e4, 1e5, 1e6].filter((size) => size <= most);

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
    .action(({ rounds, json }) =>
      run(FAILED, async () => print([await coldReport(whole("rounds", rounds, 9_999))], json)),
    ),
);

program.addCommand(
  command("synth")
    .description("how long the synthesis of every environment takes, beside loading cdktf alone")
    .option("--rounds <n>", "of each", "15")
    .option("--json <file>", "write the result there too")
    .addHelpText("after", "\nExit status: 0 measured; 1 synthesis fails; 2 wrong use.")
    .action(({ rounds, json }) =>
      run(FAILED, () => print([synthReport(whole("rounds", rounds, 9_999))], json)),
    ),
);

program.addCommand(
  command("growth")
    .description("what an order costs, with a hundred orders and with many: time, requests, units, Lambda")
    .option("--up-to <n>", "the most orders, 100 to 1000000; powers of ten are measured", "10000")
    .option("--json <file>", "write the result there too")
    .addHelpText(
      "after",
      `
Each figure is of one order, on a local platform of its own; in brackets that of the fewest orders is 1. Of more than
10,000, all but the last 10,000 are there before, decided and archived.

Exit status: 0 measured; 1 requests or units of an order grow with their number; 2 wrong use.`,
    )
    .action(({ upTo, json }) =>
      run(FAILED, async () =>
        print([await growthReport(sizesUpTo(Math.max(whole("up-to", upTo, 1e6), 100)))], json),
      ),
    ),
);

program.addCommand(
  command("intake")
    .description("orders a second through the API, beside writes on the same table server")
    .option("--orders <n>", "orders of the largest measurement", "5000")
    .option("--json <file>", "write the result there too")
    .addHelpText("after", "\nExit status: 0 measured; 1 not measured; 2 wrong use.")
    .action(({ orders, json }) =>
      run(FAILED, async () => print([await intakeReport(whole("orders", orders, 1e6))], json)),
    ),
);

program.addCommand(
  command("all")
    .description("all of them")
    .option("--short", "few rounds and orders: for CI", false)
    .option("--json <file>", "write the results there too")
    .addHelpText(
      "after",
      "\nExit status: 0 measured; 1 requests or units of an order grow with their number, or something does not start; 2 wrong use.",
    )
    .action(({ short, json }) =>
      run(FAILED, async () =>
        print(
          [
            await coldReport(short ? 1 : 15),
            synthReport(short ? 1 : 15),
            await growthReport(sizesUpTo(short ? 1e3 : 1e4)),
            await intakeReport(short ? 1_000 : 5_000),
          ],
          json,
        ),
      ),
    ),
);

void main(program);
