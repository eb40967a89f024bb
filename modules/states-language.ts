/** The part of the Amazon States Language (JSONPath) that state machines here are written in. */

export type Retrier = {
  readonly ErrorEquals: readonly [string, ...string[]];
  readonly IntervalSeconds: number;
  readonly MaxAttempts: number;
  readonly BackoffRate: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: "FULL" | "NONE";
};

export type Catcher<Name extends string> = {
  readonly ErrorEquals: readonly [string, ...string[]];
  readonly ResultPath?: string | null;
  readonly Next: Name;
};

type Comparison = {
  readonly Variable: string;
  readonly StringEquals?: string;
  readonly IsPresent?: boolean;
  readonly NumericGreaterThanEquals?: number;
};

type ChoiceRule<Name extends string> = (
  Comparison | { readonly And: readonly [Comparison, Comparison, ...Comparison[]] }
) & { readonly Next: Name };

type Following<Name extends string> = { readonly Next: Name } | { readonly End: true };

export type Task<Name extends string> = {
  readonly Type: "Task";
  readonly Resource: string;
  readonly Parameters: Readonly<Record<string, unknown>>;
  /** Null: the result is dropped, and the input goes on. */
  readonly ResultPath?: string | null;
  readonly OutputPath?: string;
  readonly TimeoutSeconds: number;
  readonly Retry?: ReadonlyArray<Retrier>;
  readonly Catch?: ReadonlyArray<Catcher<Name>>;
} & Following<Name>;

export type State<Name extends string> = { readonly Comment?: string } & (
  | Task<Name>
  | {
      readonly Type: "Choice";
      readonly Choices: readonly [ChoiceRule<Name>, ...ChoiceRule<Name>[]];
      readonly Default: Name;
    }
  | ({ readonly Type: "Wait"; readonly Seconds: number } & Following<Name>)
  | ({
      readonly Type: "Pass";
      readonly Parameters?: Readonly<Record<string, unknown>>;
      readonly Result?: unknown;
    } & Following<Name>)
  | { readonly Type: "Succeed" }
  | { readonly Type: "Fail"; readonly ErrorPath: string; readonly CausePath: string }
);

/** A state machine whose every `Next` names a state it has. */
export type Definition<Name extends string> = {
  readonly Comment: string;
  readonly StartAt: Name;
  readonly TimeoutSeconds: number;
  readonly States: Readonly<Record<Name, State<Name>>>;
};
