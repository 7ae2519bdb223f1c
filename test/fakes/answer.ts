import type { Answer } from '../../src/core/wire/types.ts';

/** An answer that holds nothing; tests add what they are about. */
export const EMPTY_ANSWER: Answer = {
  kind: 'empty',
  bytes: 0,
  pictures: [],
  text: '',
  parts: [],
  sources: [],
  usage: undefined,
  finishReason: undefined,
  finishMessage: undefined,
  error: undefined,
  htmlTitle: undefined,
  truncated: false,
  taskId: undefined,
};
