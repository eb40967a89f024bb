/** The prerequisites of an environment's first apply in AWS. */
import * as E from "fp-ts/Either";
import { pipe } from "fp-ts/function";
import * as T from "fp-ts/Task";
import * as TE from "fp-ts/TaskEither";
import type { Environment } from "../../environments/environment";
import type { Bootstrapped } from "./account";
import { type Line, ok, toDo } from "./result-line";
import type { NotRead, Reads } from "./reads";

type Lines = T.Task<ReadonlyArray<Line>>;

/** AWS keeps this much concurrency unreserved. */
const LEFT_UNRESERVED = 100;

const unasked = (what: string, error: NotRead, missing: string): Line =>
  toDo(what, error._tag === "Missing" ? missing : error.reason);

const existing = (what: string, missing: string, read: TE.TaskEither<NotRead, unknown>): T.Task<Line> =>
  pipe(
    read,
    TE.match(
      (error) => unasked(what, error, missing),
      () => ok(what, "exists"),
    ),
  );

const parametersOf = ({ slack_webhook_parameter: webhook, auction }: Environment): ReadonlyArray<string> => [
  webhook,
  ...(auction.type === "http" ? [auction.key_parameter] : []),
];

const howToPut = (name: string): string =>
  `create it: aws ssm put-parameter --type SecureString --name ${name} --value …`;

const parameters = (environment: Environment, reads: Reads): Lines => {
  const names = parametersOf(environment);
  return pipe(
    reads.parameters(names),
    TE.match(
      (error) => [unasked("parameters", error, "none")],
      (types) =>
        names.map((name) => {
          const [what, type] = [`parameter ${name}`, types.get(name)];
          if (type === undefined) return toDo(what, `does not exist; ${howToPut(name)}`);
          return type === "SecureString"
            ? ok(what, "is a SecureString")
            : toDo(
                what,
                `is a ${type}, readable by whoever may read parameters; delete it, and ${howToPut(name)}`,
              );
        }),
    ),
  );
};

/** What the environment's stack reserves, by function. */
const reservations = ({ name, auction, functions }: Environment): ReadonlyMap<string, number> =>
  new Map(
    Object.entries(functions).flatMap(([one, { concurrency }]) =>
      concurrency === undefined || (one === "auction-simulator" && auction.type === "http")
        ? []
        : [[`${name}-${one}`, concurrency] as const],
    ),
  );

const concurrency = (environment: Environment, reads: Reads): Lines => {
  const what = "concurrency";
  const wanted = reservations(environment);
  const sum = [...wanted.values()].reduce((total, one) => total + one, 0);
  return pipe(
    TE.Do,
    TE.apS("quota", reads.concurrency),
    TE.apS(
      "had",
      pipe(
        [...wanted.keys()],
        TE.traverseSeqArray((name) =>
          pipe(
            reads.reserved(name),
            TE.orElse((error): TE.TaskEither<NotRead, number> =>
              error._tag === "Missing" ? TE.right(0) : TE.left(error),
            ),
          ),
        ),
        TE.map((each) => each.reduce((total, one) => total + one, 0)),
      ),
    ),
    TE.match(
      (error) => unasked(what, error, "the account has no quota"),
      ({ quota: { limit, unreserved }, had }) => {
        const others = limit - unreserved - had;
        const needed = sum + others + LEFT_UNRESERVED;
        const reserves = `${environment.name} reserves ${sum}, others ${others}`;
        if (sum === 0) return ok(what, `${environment.name} reserves none of the account's ${limit}`);
        return needed <= limit
          ? ok(what, `${reserves}, of the account's ${limit}`)
          : toDo(
              what,
              `${reserves}, and ${LEFT_UNRESERVED} must stay unreserved: ${needed} are needed, the account has ${limit}. Ask for more: Service Quotas, AWS Lambda, Concurrent executions`,
            );
      },
    ),
    T.map((line) => [line]),
  );
};

const bootstrap = (
  { buckets, issuers, roles, policyArns }: Bootstrapped,
  reads: Reads,
): ReadonlyArray<T.Task<ReadonlyArray<Line>>> => {
  const missing = "does not exist; bootstrap the account: docs/account.md";
  const one = (line: T.Task<Line>): Lines =>
    pipe(
      line,
      T.map((made) => [made]),
    );
  return [
    ...buckets.map((name) => one(existing(`state bucket ${name}`, missing, reads.bucket(name)))),
    pipe(
      reads.identityProviders,
      TE.match(
        (error): ReadonlyArray<Line> => [unasked("identity providers", error, missing)],
        (arns) =>
          issuers.map((issuer) =>
            arns.some((arn) => arn.endsWith(`:oidc-provider/${issuer}`))
              ? ok(`identity provider ${issuer}`, "exists")
              : toDo(`identity provider ${issuer}`, missing),
          ),
      ),
    ),
    ...roles.map((name) => one(existing(`role ${name}`, missing, reads.role(name)))),
    ...policyArns.map((arn) =>
      one(existing(`policy ${arn.split("/").at(-1) ?? arn}`, missing, reads.policy(arn))),
    ),
  ];
};

/** With another account's credentials, every other check would be about that account. */
export const awsChecks = (
  environment: Environment,
  bootstrapped: E.Either<string, Bootstrapped>,
  reads: Reads,
): Lines =>
  pipe(
    reads.account,
    TE.matchE(
      (error) =>
        T.of([unasked("account", error, "there is none; give AWS credentials of the environment's account")]),
      (account) =>
        account === environment.account_id
          ? pipe(
              [
                T.of([ok("account", `${account} is that of ${environment.name}`)]),
                parameters(environment, reads),
                concurrency(environment, reads),
                ...(E.isRight(bootstrapped)
                  ? bootstrap(bootstrapped.right, reads)
                  : [T.of([toDo("bootstrap", bootstrapped.left)])]),
              ],
              T.sequenceSeqArray,
              T.map((lines) => lines.flat()),
            )
          : T.of([
              toDo(
                "account",
                `${environment.name} is in ${environment.account_id}, these credentials are of ${account}; nothing else of AWS was looked at`,
              ),
            ]),
    ),
  );
