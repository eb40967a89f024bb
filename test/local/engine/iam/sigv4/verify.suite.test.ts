import { headersOf } from "../../../../../local/engine/gateway/server";
import { verify } from "../../../../../local/engine/iam/sigv4/verify";

/**
 * The facts of AWS's public test suite for Signature Version 4: requests as they stand on the wire, and the
 * signature each has with the suite's key. Nothing of ours makes these signatures, so a mistake that signing
 * and verifying would share shows.
 */

const SCOPE = "AKIDEXAMPLE/20150830/us-east-1/service/aws4_request";
const EXPECTATIONS = {
  credentialsOf: () => ({ secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" }),
  now: new Date("2015-08-30T12:36:00Z"),
  region: "us-east-1",
  services: ["service"],
};

type Example = {
  readonly name: string;
  readonly method?: "GET" | "POST";
  readonly target?: string;
  /** Beside host and date; names and values as they stand on the wire. */
  readonly headers?: ReadonlyArray<readonly [name: string, value: string]>;
  readonly body?: string;
  readonly signature: string;
};

const FORM = "application/x-www-form-urlencoded";
const UNRESERVED = "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const VANILLA = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31";

const EXAMPLES: ReadonlyArray<Example> = [
  { name: "nothing but a host and a date", signature: VANILLA },
  {
    name: "parameters in another order",
    target: "/?Param2=value2&Param1=value1",
    signature: "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
  },
  {
    name: "one parameter",
    target: "/?Param1=value1",
    signature: "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb",
  },
  {
    name: "a parameter with two values, in another order",
    target: "/?Param1=value2&Param1=value1",
    signature: "5772eed61e12b33fae39ee5e7012498b51d56abc0abb7c60486157bd471c4694",
  },
  {
    name: "unreserved characters in a parameter",
    target: `/?${UNRESERVED}=${UNRESERVED}`,
    signature: "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197",
  },
  {
    name: "a parameter beyond ASCII",
    target: "/?%E1%88%B4=bar",
    signature: "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04",
  },
  {
    name: "unreserved characters in the path",
    target: `/${UNRESERVED}`,
    signature: "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f",
  },
  {
    name: "a path beyond ASCII",
    target: "/\u1234",
    signature: "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85",
  },
  {
    name: "a space in the path",
    target: "/example space/",
    signature: "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741",
  },
  { name: "two slashes", target: "//", signature: VANILLA },
  { name: "a dot", target: "/./", signature: VANILLA },
  { name: "a way up again", target: "/example/..", signature: VANILLA },
  { name: "two ways up again", target: "/example1/example2/../..", signature: VANILLA },
  {
    name: "a dot before a name",
    target: "/./example",
    signature: "ef75d96142cf21edca26f06005da7988e4f8dc83a165a80865db7089db637ec5",
  },
  {
    name: "slashes around a name",
    target: "//example//",
    signature: "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84",
  },
  {
    name: "a header three times",
    headers: [
      ["My-Header1", "value2"],
      ["My-Header1", "value2"],
      ["My-Header1", "value1"],
    ],
    signature: "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea",
  },
  {
    name: "a header's values out of order",
    headers: [
      ["My-Header1", "value4"],
      ["My-Header1", "value1"],
      ["My-Header1", "value3"],
      ["My-Header1", "value2"],
    ],
    signature: "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01",
  },
  {
    name: "spaces around and inside a value",
    headers: [
      ["My-Header1", " value1"],
      ["My-Header2", ' "a   b   c"'],
    ],
    signature: "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736",
  },
  {
    name: "a value folded over lines",
    headers: [["My-Header1", "value1\n  value2\n     value3"]],
    signature: "cfd34249e4b1c8d6b91ef74165d41a32e5fab3306300901bb65a51a73575eefd",
  },
  {
    name: "a post",
    method: "POST",
    signature: "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
  },
  {
    name: "a header's name in capitals",
    method: "POST",
    headers: [["My-Header1", "value1"]],
    signature: "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c",
  },
  {
    name: "a value in capitals",
    method: "POST",
    headers: [["My-Header1", "VALUE1"]],
    signature: "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d",
  },
  {
    name: "a post with a parameter",
    method: "POST",
    target: "/?Param1=value1",
    signature: "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11",
  },
  {
    name: "a form",
    method: "POST",
    headers: [["Content-Type", FORM]],
    body: "Param1=value1",
    signature: "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
  },
  {
    name: "a form with its character set",
    method: "POST",
    headers: [["Content-Type", `${FORM}; charset=utf8`]],
    body: "Param1=value1",
    signature: "1a72ec8f64bd914b0e42e42607c7fbce7fb2c7465f63e3092b3b0d39fa77a6fe",
  },
];

const tagOf = ({ method = "GET", target = "/", headers = [], body = "", signature }: Example) => {
  const all = [["Host", "example.amazonaws.com"], ["X-Amz-Date", "20150830T123600Z"], ...headers];
  const signed = [...new Set(all.map(([name = ""]) => name.toLowerCase()))].sort().join(";");
  const authorization = `AWS4-HMAC-SHA256 Credential=${SCOPE}, SignedHeaders=${signed}, Signature=${signature}`;
  const rawHeaders = [...all, ["Authorization", authorization]].flat();
  return verify(
    { method, target, headers: headersOf({ rawHeaders }), payload: Buffer.from(body) },
    EXPECTATIONS,
  )._tag;
};

it.each(EXAMPLES.map((example) => [example.name, example] as const))("%s has its signature", (_, example) => {
  expect(tagOf(example)).toBe("Verified");
  expect(tagOf({ ...example, method: example.method === "POST" ? "GET" : "POST" })).toBe("BadSignature");
});
