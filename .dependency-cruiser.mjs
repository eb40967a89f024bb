/** No file imports itself by way of others, types included. Which folder may import which is in eslint.config.mjs. */
export default {
  forbidden: [{ name: "no-circle", severity: "error", from: {}, to: { circular: true } }],
  options: { tsPreCompilationDeps: true, doNotFollow: { path: "node_modules" } },
};
