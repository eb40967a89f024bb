import { refusal } from "../../../console/server/guard";

const request = (host: string | undefined, method = "GET") => ({ method, headers: { host } });

it.each(["127.0.0.1:3080", "localhost:3080", "[::1]:3080"])("answers %s", (host) => {
  expect(refusal(request(host), 3080)).toBeUndefined();
});

it.each([
  ["another host's name, which was made to lead here", "attacker.example:3080"],
  ["another port", "127.0.0.1:3081"],
  ["no port", "localhost"],
  ["no host", undefined],
])("refuses %s", (_, host) => {
  expect(refusal(request(host), 3080)).toEqual({
    status: 421,
    text: expect.stringContaining("http://127.0.0.1:3080"),
  });
});

it.each([
  ["no page", undefined],
  ["a page from elsewhere", "http://attacker.example"],
  ["a page of another port", "http://localhost:3081"],
])("lets %s change anything", (_, origin) => {
  expect(refusal({ method: "PUT", headers: { host: "localhost:3080", origin } }, 3080)).toMatchObject({
    status: 403,
  });
});

it("lets a page of its own change something", () => {
  const headers = { host: "localhost:3080", origin: "http://localhost:3080" };
  expect(refusal({ method: "PUT", headers }, 3080)).toBeUndefined();
});

it.each(["POST", "DELETE", "OPTIONS"])("refuses to be asked for anything by %s", (method) => {
  expect(refusal(request("localhost:3080", method), 3080)).toMatchObject({ status: 405 });
});
