/** The desk of one process. */
import type { Conversations } from '../conversation/conversations.ts';
import type { Access } from '../job/access.ts';
import type { Engine } from '../job/engine.ts';
import type { Language } from '../job/words.ts';
import type { Logger } from '../ports.ts';
import type { Store } from '../store/store.ts';
import type { Picture, StoredPicture } from '../types.ts';
import { type AwaitedWords, createAwaitedWords } from './awaited.ts';
import { createCallers } from './callers.ts';
import { createCommands, viewOf } from './commands.ts';
import type { Desk } from './desk.ts';
import { createHear } from './hear.ts';
import { createModels } from './models.ts';
import { createBegin } from './orders.ts';
import { createSendOriginals } from './originals.ts';
import { createPendingWishes } from './pending.ts';
import { createPress } from './press.ts';
import { createReplies } from './replies.ts';
import { createSettings } from './settings.ts';
import { choiceGroups } from './settings-menu.ts';
import { type StyleEntry, stylesIn } from './styles.ts';

export interface DeskOptions {
  engine: Engine;
  conversations: Conversations;
  store: Store;
  access: Pick<Access, 'check'>;
  /** Where stored pictures lie. */
  pictures: { locate(picture: StoredPicture): Picture };
  /** Ids of all models that the gateways offer; may throw, and may be slow. */
  listModels: () => Promise<string[]>;
  /** As `loadStyles` gives them. */
  styles: readonly StyleEntry[];
  /** For people whose platform names no language that we speak. */
  language: Language;
  /** `platform:id`; they may press everybody's buttons, and have no daily limit. */
  admins: readonly string[];
  /** 0 for none; told by `/usage`. */
  dailyImagesPerUser: number;
  /** Pictures that one request may bring, those of the result that it answers included. */
  maxAttachments: number;
  logger: Logger;
}

export function createDesk(options: DeskOptions): Desk {
  const { conversations, store, styles, logger, language: fallback } = options;
  const replies = createReplies({ store, logger });
  const settings = createSettings(store);
  const models = createModels({ list: options.listModels, logger });
  const meet = createCallers({ settings, models, language: fallback, logger });
  const pending = createPendingWishes(store);
  const awaited = createAwaitedWords({ store, pending, engine: options.engine });
  const engine = followed(options.engine, awaited, logger);
  const sendOriginals = createSendOriginals({ ...options, replies });
  const parts = {
    ...options,
    engine,
    replies,
    settings,
    models,
    meet,
    pending,
    awaited,
    sendOriginals,
  };

  return {
    connect(name, platform) {
      replies.connect(name, platform);
      engine.connect(name, platform);
    },
    hear: createHear({ ...parts, commands: createCommands(parts) }),
    press: createPress({ ...parts, begin: createBegin(options) }),
    link: (message, turn) => conversations.link(message, { turn }),
    settings: async (person) => choiceGroups(viewOf(await meet(person), await models.all())),
    models: models.all,
    styles: async (person) => stylesIn((await meet(person)).language, styles),
    language: async (person) => (await meet(person)).language,
    moveChat(from, to) {
      // Whoever may ask is the operator's word, and it is given by ids.
      logger.warn(
        { from, to },
        'a chat has a new id: ALLOWED_CHATS must name it where it named the old one',
      );
      return conversations.moveChat(from, to);
    },
  };
}

/** Whatever is ordered, and by whichever way, is what words mean from then on. */
function followed(engine: Engine, awaited: AwaitedWords, logger: Logger): Engine {
  return {
    ...engine,
    async submit(request) {
      await engine.submit(request);
      await awaited
        .follow(request)
        .catch((error: unknown) => logger.error({ error }, 'words may mean an older wish'));
    },
  };
}
