import { keepTime } from "../../../../local/services/fauxqs/patches";

it("the deadlines of messages are measured on a clock that never jumps", () => {
  const wall = jest.spyOn(Date, "now").mockReturnValue(0);
  keepTime();
  const before = Date.now();
  wall.mockReturnValue(-7_200_000);
  keepTime();
  const after = Date.now();
  wall.mockRestore();
  expect(before).toBeGreaterThan(1.7e12);
  expect(after - before).toBeGreaterThanOrEqual(0);
  expect(after - before).toBeLessThan(60_000);
});
