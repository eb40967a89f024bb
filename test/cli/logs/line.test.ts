import { isAbout, jsonLine, patternOf, textLine } from "../../../cli/logs/line";

const AT = Date.parse("2027-01-31T06:00:00.120Z");
const event = (line: unknown) => ({
  id: "1",
  timestamp: AT,
  message: typeof line === "string" ? line : JSON.stringify(line),
});
const plain = (_: unknown, text: string) => text;

it.each([
  ["its id", { order_id: 7 }, true],
  ["one of its ids", { order_ids: [6, 7] }, true],
  ["an order that was stored", { stored: [7] }, true],
  ["another order", { order_id: 17, waits: 7 }, false],
  ["something deeper", { request: { orders: [{ order_id: 7 }] } }, true],
  ["no JSON", "order_id 7", false],
])("a line about %s is found by order: %j, %j", (_, line, found) => {
  expect(isAbout({ order: 7 })(event(line))).toBe(found);
});

it("finds a request in the functions' own lines and in Lambda's", () => {
  const about = isAbout({ request: "r-1" });
  expect(about(event({ request_id: "r-1" }))).toBe(true);
  expect(about(event({ invocation_id: "r-1" }))).toBe(true);
  expect(about(event({ type: "platform.report", record: { requestId: "r-1" } }))).toBe(true);
  expect(about(event({ event: "r-1" }))).toBe(false);
});

it("asks CloudWatch for lines with the terms alone", () => {
  expect(patternOf({})).toEqual({});
  expect(patternOf({ order: 7, request: "r-1" })).toEqual({ pattern: '"7" "r-1"' });
});

it("prints time, level, event and what else there is", () => {
  const line = {
    level: "info",
    time: "…",
    environment: "dev",
    event: "order submitted",
    order_id: 7,
    why: "a b",
  };
  expect(textLine(event(line), plain)).toBe('06:00:00.120  info   order submitted  order_id=7 why="a b"');
  expect(textLine(event("INIT_START Runtime"), plain)).toBe("06:00:00.120         INIT_START Runtime");
});

it("lets no line end early, move the cursor or colour the terminal", () => {
  const nasty = "a\n\u001b[31mb";
  for (const line of [nasty, { level: nasty, event: nasty, [nasty]: nasty }])
    // eslint-disable-next-line no-control-regex
    expect(textLine(event(line), plain)).not.toMatch(/[\u0000-\u001f]/);
});

it("gives each line as it was logged, and a message where it is no JSON", () => {
  expect(jsonLine(event({ level: "info", order_id: 7 }))).toBe('{"level":"info","order_id":7}');
  expect(JSON.parse(jsonLine(event("a\tb")))).toEqual({ time: "2027-01-31T06:00:00.120Z", message: "a\tb" });
});
