import { WriteStream } from "node:tty";
import { hasColours, painter } from "../../lib/colour";

/** As Node makes one of a file descriptor, but of none. */
const terminal = (isTTY: boolean): WriteStream => {
  const made: unknown = Object.create(WriteStream.prototype, { isTTY: { value: isTTY } });
  if (made instanceof WriteStream) return made;
  throw new Error("not a terminal");
};

describe("colours", () => {
  beforeEach(() => {
    process.env["TERM"] = "xterm-256color";
  });

  it("are for a terminal alone", () => {
    expect(hasColours(terminal(true))).toBe(true);
    expect(hasColours(terminal(false))).toBe(false);
  });

  it.each([
    ["NO_COLOR", "1"],
    ["TERM", "dumb"],
    ["CI", "true"],
  ])("are left out with %s=%s", (name, value) => {
    process.env[name] = value;
    expect(hasColours(terminal(true))).toBe(false);
    Reflect.deleteProperty(process.env, name);
  });

  it("change nothing where there are none", () => {
    expect(painter(false)("red", "a")).toBe("a");
    expect(painter(true)("red", "a")).toBe("\u001b[31ma\u001b[39m");
  });
});
