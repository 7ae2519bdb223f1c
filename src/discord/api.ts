/** Numbers of Discord's API. discord.js has them too, but is loaded late (library.ts). */

/** Types of interactions. */
export const COMMAND = 2;
export const COMPONENT = 3;
export const AUTOCOMPLETE = 4;
export const MODAL_SUBMIT = 5;

/** Types of commands. */
export const CHAT_INPUT = 1;
export const MESSAGE_MENU = 3;

/** Types of answers to an interaction. */
export const ANSWER_MESSAGE = 4;
export const DEFER_MESSAGE = 5;
export const DEFER_UPDATE = 6;
export const ANSWER_UPDATE = 7;
export const ANSWER_CHOICES = 8;
export const ANSWER_MODAL = 9;

/** Types of components. */
export const ROW = 1;
export const BUTTON = 2;
export const SELECT = 3;
export const TEXT_INPUT = 4;
export const LABEL = 18;
export const FILE_UPLOAD = 19;

/** Styles of buttons. */
export const SECONDARY = 2;
export const DANGER = 4;

/** Flags of messages. */
export const SUPPRESS_EMBEDS = 4;
export const EPHEMERAL = 64;
