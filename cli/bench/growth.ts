/** What an order costs where there are many: each phase of its way, per order, beside the fewest orders of the run. */
import { type Measured, type Phase, PHASES, phasesOf } from "./phases";
import { aligned } from "./table";

export const FIGURES = ["ms", "requests", "readUnits", "writeUnits", "lambdaMs"] as const;
type Figure = (typeof FIGURES)[number];

export type Growth = {
  readonly phase: Phase;
  readonly orders: number;
  readonly perOrder: Readonly<Record<Figure, number>>;
  /** Of the same figure with the fewest orders; none where that is 0. */
  readonly ratios: Readonly<Partial<Record<Figure, number>>>;
};

const perOrder = (measured: Measured, orders: number): Growth["perOrder"] => ({
  ms: measured.ms / orders,
  requests: measured.requests / orders,
  readUnits: measured.readUnits / orders,
  writeUnits: measured.writeUnits / orders,
  lambdaMs: measured.lambdaMs / orders,
});

const ratiosTo = (fewest: Growth["perOrder"], own: Growth["perOrder"]): Growth["ratios"] =>
  Object.fromEntries(
    FIGURES.flatMap((figure) =>
      fewest[figure] === 0 ? [] : [[figure, Number((own[figure] / fewest[figure]).toFixed(2))]],
    ),
  );

/** Of more orders, all but the last are there before, so that a million takes minutes. */
const MEASURED = 10_000;

/** @param sizes of orders, the fewest first */
export const growth = async (
  sizes: ReadonlyArray<number>,
  say: (line: string) => void,
): Promise<ReadonlyArray<Growth>> => {
  const runs: {
    readonly orders: number;
    readonly measured: number;
    readonly phases: ReadonlyMap<Phase, Measured>;
  }[] = [];
  for (const orders of sizes) {
    say(`${orders.toLocaleString("en")} orders …`);
    const measured = Math.min(orders, MEASURED);
    runs.push({ orders, measured, phases: await phasesOf(measured, orders - measured, say) });
  }
  return PHASES.flatMap((phase) => {
    const figures = runs.flatMap(({ orders, measured, phases }) => {
      const took = phases.get(phase);
      return took === undefined ? [] : [{ orders, perOrder: perOrder(took, measured) }];
    });
    const [fewest] = figures;
    return figures.map((own) => ({
      phase,
      ...own,
      ratios: fewest === undefined ? {} : ratiosTo(fewest.perOrder, own.perOrder),
    }));
  });
};

const DIGITS: Readonly<Record<Figure, number>> = {
  ms: 1,
  requests: 2,
  readUnits: 2,
  writeUnits: 2,
  lambdaMs: 1,
};

export const growthTable = (rows: ReadonlyArray<Growth>): ReadonlyArray<string> =>
  aligned([
    ["phase", "orders", "ms", "requests", "read units", "write units", "Lambda ms"],
    ...rows.map((row) => [
      row.phase,
      row.orders.toLocaleString("en"),
      ...FIGURES.map((figure) => {
        const ratio = row.ratios[figure];
        return `${row.perOrder[figure].toFixed(DIGITS[figure])}${ratio === undefined ? "" : ` (${ratio.toFixed(2)})`}`;
      }),
    ]),
  ]);

/** Far above what chance and a busy machine make of a figure that is constant; time is not judged. */
const MOST: Readonly<Partial<Record<Figure, number>>> = { requests: 1.5, readUnits: 1.5, writeUnits: 1.5 };

/** What grows with the number of orders although it must not. */
export const outgrown = (rows: ReadonlyArray<Growth>): ReadonlyArray<string> =>
  rows.flatMap(({ phase, orders, ratios }) =>
    FIGURES.flatMap((figure) => {
      const [ratio = 0, most = Infinity] = [ratios[figure], MOST[figure]];
      return ratio > most
        ? [
            `${phase}: ${figure} of an order are ${ratio} times as many with ${orders} orders, expected at most ${most}`,
          ]
        : [];
    }),
  );
