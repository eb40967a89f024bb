import { once } from "node:events";
import { copyFileSync, mkdirSync, symlinkSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { temporaryFolder } from "../support/temporary-folder";
import { run } from "../support/process";

describe("npm run audit", () => {
  let server: Server;
  let answer: { readonly status: number; readonly body: unknown };
  beforeAll(async () => {
    server = createServer((request, response) => {
      const isAudit = request.url?.endsWith("/security/advisories/bulk") === true;
      request.resume().on("end", () => {
        response.writeHead(isAudit ? answer.status : 404, { "content-type": "application/json" });
        response.end(JSON.stringify(isAudit ? answer.body : {}));
      });
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterAll((done) => {
    server.closeAllConnections();
    server.close(done);
  });

  /** Audits the project, or a copy of it that has less. */
  const audit = async (
    folder = process.cwd(),
  ): Promise<{ readonly code: unknown; readonly output: string }> => {
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const program = join(folder, "dist", "audit.js");
    const { code, stdout, stderr } = await run(process.execPath, [
      program,
      "--registry",
      `http://127.0.0.1:${port}`,
    ]);
    return { code, output: `${stdout}${stderr}` };
  };
  const advisory = (name: string) => ({
    [name]: [
      {
        id: 1,
        url: "https://example.com/1",
        title: "planted",
        severity: "high",
        vulnerable_versions: "<999",
      },
    ],
  });

  it.each<readonly [string, { status: number; body: unknown }, number, string]>([
    ["finds nothing", { status: 200, body: {} }, 0, "no known vulnerability in the"],
    [
      "fails for what is in the functions",
      { status: 200, body: advisory("pino") },
      1,
      "pino: high: planted (https://example.com/1)",
    ],
    [
      "passes what is not in the functions",
      { status: 200, body: advisory("constructs") },
      0,
      "no known vulnerability",
    ],
    [
      "says where a registry is down",
      { status: 503, body: {} },
      0,
      "SKIPPED: the registry answers no audits (503 Service Unavailable)",
    ],
    [
      "says where a registry answers no audits",
      { status: 405, body: {} },
      0,
      "SKIPPED: the registry answers no audits",
    ],
  ])(
    "%s",
    async (_, given, code, said) => {
      answer = given;
      const audited = await audit();
      expect(audited.output).toContain(said);
      expect(audited.code).toBe(code);
    },
    60_000,
  );

  describe("does not pass where it asked nobody:", () => {
    let folder: string;
    beforeEach(() => {
      folder = temporaryFolder("audit");
      mkdirSync(join(folder, "dist", "functions"), { recursive: true });
      copyFileSync("dist/audit.js", join(folder, "dist", "audit.js"));
      symlinkSync(join(process.cwd(), "node_modules"), join(folder, "node_modules"));
      answer = { status: 200, body: {} };
    });

    it("without the list of what is bundled", async () => {
      const audited = await audit(folder);
      expect(audited.output).toContain("make it with: npm run build");
      expect(audited.code).toBe(2);
    });

    it("without a lock file", async () => {
      copyFileSync("dist/functions/packages.json", join(folder, "dist", "functions", "packages.json"));
      copyFileSync("package.json", join(folder, "package.json"));
      const audited = await audit(folder);
      expect(audited.output).toContain("requires an existing lockfile");
      expect(audited.code).toBe(2);
    });
  });
});
