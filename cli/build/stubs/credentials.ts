/**
 * For the chain of every place where credentials may be: SSO, profiles, processes, tokens, containers, instances.
 * Lambda puts a function's credentials into its environment and nowhere else, and so does the local platform.
 */
export { fromEnv as defaultProvider } from "@aws-sdk/credential-provider-env";
