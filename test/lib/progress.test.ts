import { progress } from "../../lib/progress";

/** A bar on a terminal of 80 columns, or none, with a clock that tests set. */
const shown = (isTTY: boolean, total?: number) => {
  let time = 1_000;
  const written: string[] = [];
  const printed: string[] = [];
  const bar = progress({
    of: "orders",
    ...(total === undefined ? {} : { total }),
    terminal: { isTTY, columns: 80, write: (text: string) => written.push(text) > 0 },
    print: (line) => printed.push(line),
    now: () => time,
  });
  const after = (seconds: number, count: number, share?: number): void => {
    time += seconds * 1_000;
    bar.at(count, share);
  };
  return { bar, after, written, printed };
};

describe("on a terminal", () => {
  it("a bar says how much is done, how fast, and how long the rest takes", () => {
    const { after, written, printed } = shown(true, 4_000);
    after(1, 1_000);
    expect(written).toEqual([
      `\r${"█".repeat(6)}${"░".repeat(18)}  1,000 of 4,000 orders  25 %  1,000/s  3 s left\u001b[K`,
    ]);
    expect(printed).toEqual([]);
  });

  it("it is drawn again a few times a second at most", () => {
    const { after, written } = shown(true, 100);
    for (let count = 1; count <= 100; count += 1) after(0.01, count);
    expect(written).toHaveLength(10);
  });

  it("lines stand above it, and it is gone at the end", () => {
    const { bar, after, written, printed } = shown(true, 10);
    after(1, 5);
    bar.say("killed");
    expect(printed).toEqual(["killed"]);
    expect(written.slice(1, 2)).toEqual(["\r\u001b[K"]);
    expect(written[2]).toBe(written[0]);
    bar.end();
    bar.say("done");
    expect(written.slice(3)).toEqual(["\r\u001b[K", "\r\u001b[K"]);
  });

  it("never takes more than its width", () => {
    const { after, written } = shown(true, 4_000_000_000);
    after(1, 1_234_567_890);
    expect(written[0]?.slice("\r".length, -"\u001b[K".length)).toHaveLength(79);
  });
});

describe("elsewhere", () => {
  it("a line tells it now and then, without anything that moves a cursor", () => {
    const { after, written, printed } = shown(false, 1_000);
    for (let count = 100; count <= 1_000; count += 100) after(1, count);
    expect(printed).toEqual([
      "500 of 1,000 orders, 50 %, 100/s, 5 s left",
      "1,000 of 1,000 orders, 100 %, 100/s",
    ]);
    expect(written).toEqual([]);
  });

  it("the share of the work tells the time left where nobody knows how many there will be", () => {
    const { after, printed } = shown(false);
    after(10, 500, 0.1);
    expect(printed).toEqual(["500 orders, 10 %, 50/s, 90 s left"]);
  });

  it("rate and time left are those of the last while", () => {
    const { after, printed } = shown(false, 1_000);
    after(1, 500);
    for (let second = 1; second <= 60; second += 1) after(1, 500 + second);
    expect(printed.at(-1)).toBe("559 of 1,000 orders, 55 %, 1/s, 7 min left");
  });

  it("nothing that is unknown is told: no rate of nothing, no time without end", () => {
    const { after, printed } = shown(false, 0);
    after(10, 0);
    expect(printed).toEqual(["0 of 0 orders, 0 %"]);
  });
});
