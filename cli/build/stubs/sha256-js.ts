/** For SHA-256 in JavaScript, for a Node without it: every Lambda's Node has it natively. */
export const Sha256Js = undefined;
