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

it.each(["POST", "PUT", "DELETE", "OPTIONS"])("refuses to be asked for anything by %s", (method) => {
  expect(refusal(request("localhost:3080", method), 3080)).toMatchObject({ status: 405 });
});
