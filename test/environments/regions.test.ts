import { BucketLocationConstraint } from "@aws-sdk/client-s3";
import { REGIONS } from "../../environments/regions";

it("are those of the SDK", () => {
  const known = Object.values(BucketLocationConstraint).filter((name) => name !== "EU");
  expect([...REGIONS]).toEqual([...known, "us-east-1"].sort());
});
