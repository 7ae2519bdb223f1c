/** The pictures of a chat as a tree: pure, from messages to places. */

/** Whether a message holds pictures that one can go on from. Originals are the same pictures once more. */
export function isNode({ look, uploads, pictures }) {
  return uploads.length > 0 || (look === 'result' && pictures.length > 0);
}

/** The message whose pictures this one goes on from; undefined at a root. */
export function parentOf(message, find) {
  const answered = message.answers && find(message.answers.message);
  if (answered === undefined) return undefined;
  if (message.from === 'person') return isNode(answered) ? answered : parentOf(answered, find);
  // What a button made: with the same words it was made once more, and stands beside the first.
  const isAgain = answered.look === 'result' && answered.description === message.description;
  return isNode(answered) && !isAgain ? answered : parentOf(answered, find);
}

/** A typed command, as the server reads it; others than these start nothing. */
const COMMAND = /^\s*\/\w{1,32}(?:\s|$)/;
const STARTS_ANEW = /^\/(?:new|imagine)\b/;

/** Where the person is: the message that comes next goes on from there. `messages` oldest first. */
export function latestOf(messages, find) {
  for (const message of messages.toReversed()) {
    if (isNode(message)) return { message: message.id };
    const isWish =
      message.from === 'person' && (!COMMAND.test(message.text) || STARTS_ANEW.test(message.text));
    if (isWish)
      return message.answers && find(message.answers.message) ? message.answers : undefined;
  }
  return undefined;
}

/** This message and all that it comes from, by id. */
export function pathTo(id, find) {
  const path = new Set();
  for (let message = find(id); message !== undefined; message = parentOf(message, find))
    path.add(message.id);
  return path;
}

/**
 * A row for each picture in the order of time, and a lane for each branch: its first child goes on in a picture's own
 * lane, others beside it, in the first lane that is free for as long as they need it.
 */
export function layOut(messages, find) {
  const nodes = messages
    .filter(isNode)
    .map((message, row) => ({ message, row, parent: parentOf(message, find)?.id }));
  const byId = new Map(nodes.map((node) => [node.message.id, node]));
  const branches = branchesOf(nodes, byId);
  /** Up to which row each lane is taken. */
  const taken = [];
  for (const { nodes: chain } of branches) {
    const from = byId.get(chain[0].parent)?.row ?? chain[0].row;
    const free = taken.findIndex((row) => row < from);
    const lane = free < 0 ? taken.length : free;
    taken[lane] = chain.at(-1).row;
    for (const node of chain) node.lane = lane;
  }
  return nodes;
}

function branchesOf(nodes, byId) {
  const branches = [];
  const branchOf = new Map();
  for (const node of nodes) {
    const parent = byId.get(node.parent);
    const own = parent && branchOf.get(parent);
    const isFirstChild = own !== undefined && own.nodes.at(-1) === parent;
    const branch = isFirstChild ? own : { nodes: [] };
    if (!isFirstChild) branches.push(branch);
    branch.nodes.push(node);
    branchOf.set(node, branch);
  }
  return branches;
}
