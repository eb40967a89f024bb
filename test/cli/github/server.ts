/** Those few endpoints of GitHub's REST API that the workflows use, for one repository. */
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import * as t from "io-ts";

type Author = "Bot" | "User";
export type Post = {
  readonly id: number;
  readonly on: number;
  readonly author: Author;
  body: string;
};
export type Issue = {
  readonly number: number;
  readonly author: Author;
  readonly isPullRequest?: boolean;
  title: string;
  body: string | null;
  state: string;
};

export const REPOSITORY = "energy-orders/orders-platform";
export const TOKEN = "job-token";

const Body = t.partial({ body: t.string, title: t.string, state: t.string, state_reason: t.string });
type Body = t.TypeOf<typeof Body>;
type Answer = { readonly status: number; readonly body: unknown };

const bodyOf = async (request: IncomingMessage): Promise<Body> => {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  const value: unknown = text === "" ? {} : JSON.parse(text);
  if (!Body.is(value)) throw new Error(`no such body: ${text}`);
  return value;
};

export class GitHubServer {
  readonly comments: Post[] = [];
  readonly issues: Issue[] = [];
  /** The reviewers by environment. */
  readonly environments = new Map<string, ReadonlyArray<unknown>>();
  /** What was asked, `GET issues/7/comments`, without the query. */
  readonly asked: string[] = [];
  /** The statuses of answers in place of the server's own, the next one first, by what is asked. */
  readonly instead = new Map<string, number[]>();
  private readonly server = createServer((request, response) => {
    void this.answer(request).then(({ status, body }) => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
  });

  async start(): Promise<void> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
  }

  async stop(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, "close");
  }

  reset(): void {
    for (const list of [this.comments, this.issues, this.asked]) list.length = 0;
    this.environments.clear();
    this.instead.clear();
  }

  get url(): string {
    const address = this.server.address();
    return `http://127.0.0.1:${typeof address === "object" ? (address?.port ?? 0) : 0}`;
  }

  private async answer(request: IncomingMessage): Promise<Answer> {
    const url = new URL(request.url ?? "/", this.url);
    const path = url.pathname.replace(`/repos/${REPOSITORY}/`, "");
    const call = `${request.method ?? ""} ${path}`;
    const body = await bodyOf(request);
    this.asked.push(call);
    const instead = this.instead.get(call)?.shift();
    if (instead !== undefined) return { status: instead, body: { message: "not now" } };
    if (request.headers.authorization !== `Bearer ${TOKEN}`)
      return { status: 401, body: { message: "Bad credentials" } };
    return this.route(call, url.searchParams, body) ?? { status: 404, body: { message: "Not Found" } };
  }

  private route(call: string, query: URLSearchParams, body: Body): Answer | undefined {
    const page = <A>(all: ReadonlyArray<A>): ReadonlyArray<A> => {
      const [size, number] = [Number(query.get("per_page") ?? 30), Number(query.get("page") ?? 1)];
      return all.slice(size * (number - 1), size * number);
    };
    const comments = /^(GET|POST) issues\/(\d+)\/comments$/.exec(call);
    if (comments !== null) {
      const on = Number(comments[2]);
      if (comments[1] === "GET")
        return ok(page(this.comments.filter((one) => one.on === on)).map(commentDocument));
      const made: Post = { id: this.comments.length + 1, on, author: "Bot", body: body.body ?? "" };
      this.comments.push(made);
      return { status: 201, body: commentDocument(made) };
    }
    const comment = this.comments.find(({ id }) => call === `PATCH issues/comments/${id}`);
    if (comment !== undefined) {
      comment.body = body.body ?? comment.body;
      return ok(commentDocument(comment));
    }
    if (call === "GET issues")
      return ok(page(this.issues.filter(({ state }) => state === query.get("state"))).map(issueDocument));
    if (call === "POST issues") {
      const made: Issue = {
        number: this.issues.length + 1,
        author: "Bot",
        title: body.title ?? "",
        body: body.body ?? "",
        state: "open",
      };
      this.issues.push(made);
      return { status: 201, body: issueDocument(made) };
    }
    const issue = this.issues.find(({ number }) => call === `PATCH issues/${number}`);
    if (issue !== undefined) {
      issue.body = body.body ?? issue.body;
      issue.state = body.state ?? issue.state;
      return ok(issueDocument(issue));
    }
    const reviewers = this.environments.get(/^GET environments\/(.+)$/.exec(call)?.[1] ?? "");
    return reviewers === undefined
      ? undefined
      : ok({
          protection_rules: [
            { type: "branch_policy" },
            ...(reviewers.length === 0 ? [] : [{ type: "required_reviewers", reviewers }]),
          ],
        });
  }
}

const ok = (body: unknown): Answer => ({ status: 200, body });

const commentDocument = ({ id, on, author, body }: Post) => ({
  id,
  body,
  user: { type: author },
  html_url: `https://github.example/${REPOSITORY}/pull/${on}#issuecomment-${id}`,
});

const issueDocument = ({ number, author, title, body, state, isPullRequest = false }: Issue) => ({
  number,
  title,
  body,
  state,
  user: { type: author },
  html_url: `https://github.example/${REPOSITORY}/issues/${number}`,
  ...(isPullRequest ? { pull_request: {} } : {}),
});
