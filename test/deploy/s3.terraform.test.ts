/** An environment whose state is in S3, on the AWS emulator. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { type StandIn, startStandIn } from "../terraform/stand-in.mts";
import { makeWorld, type World } from "./support/world";
import { temporaryFolder } from "../support/temporary-folder";

const CREDENTIALS = { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };
const Bucket = "orders-state";

let folder: string;
let standIn: StandIn;
let s3: S3Client;
let world: World;

beforeAll(async () => {
  folder = temporaryFolder("deploy-s3");
  mkdirSync(join(folder, "home"));
  standIn = await startStandIn({ ...process.env, ...CREDENTIALS, TMPDIR: folder });
  s3 = new S3Client({
    endpoint: standIn.endpoint,
    forcePathStyle: true,
    region: "eu-central-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  await s3.send(
    new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: "eu-central-1" } }),
  );
  world = makeWorld({
    stand_in: true,
    endpoint: standIn.endpoint,
    backend: { type: "s3", bucket: Bucket, key: "orders/dev.tfstate", region: "eu-central-1" },
  });
});

afterAll(async () => {
  s3.destroy();
  await world.end();
  await standIn.stop();
});

const deploy = (...args: ReadonlyArray<string>) => world.deploy(args, { env: CREDENTIALS });

test("is planned and applied, what runs is read from the bucket, and a lock there is respected", async () => {
  world.write({
    resource: { terraform_data: { first: { input: "a" } } },
  });
  expect((await deploy("status")).stdout).toContain("nothing was applied yet");
  expect(await deploy("plan", "dev")).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("1 to create, 1 outputs to change"),
  });
  const Key = "orders/dev.tfstate.tflock";
  const lock = {
    ID: "11111111-2222-3333-4444-555555555555",
    Operation: "OperationTypeApply",
    Who: "ci@runner",
  };
  await s3.send(new PutObjectCommand({ Bucket, Key, Body: JSON.stringify(lock) }));
  expect(await deploy("apply", "dev")).toMatchObject({
    code: 15,
    stderr: expect.stringMatching(/^the state is locked by ci@runner.*\n.*force-unlock 11111111-2222/),
  });
  await s3.send(new DeleteObjectCommand({ Bucket, Key }));
  expect(await deploy("apply", "dev")).toMatchObject({ code: 0 });
  expect((await deploy("status")).stdout).toMatch(
    /^dev +1\.0\.0 +unknown +\d{4}-\d\d-\d\dT\d\d:\d\dZ +not checked$/m,
  );
  expect((await deploy("status", "dev", "--drift")).stdout).toMatch(/^dev .* none$/m);
  expect(JSON.parse((await deploy("outputs", "dev")).stdout)).toMatchObject({
    release: { version: "1.0.0", commit: "unknown" },
  });
  expect(await deploy("drift", "dev")).toMatchObject({ code: 0 });
});

test("without credentials for the bucket it is refused", async () => {
  expect(
    await world.deploy(["plan", "dev"], {
      env: {
        AWS_ACCESS_KEY_ID: undefined,
        AWS_SECRET_ACCESS_KEY: undefined,
        AWS_EC2_METADATA_DISABLED: "true",
      },
    }),
  ).toMatchObject({ code: 14, stderr: expect.stringMatching(/^refused: .*credential/) });
});
