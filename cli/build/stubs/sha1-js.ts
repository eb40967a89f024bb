/** For SHA-1 in JavaScript, for a Node without it: every Lambda's Node has it natively. */
export const Sha1Js = undefined;
