/** JSON lines through pino. Whatever is logged is scrubbed here, so that no caller has to remember to. */
import { pino } from 'pino';
import type { LogLevel } from './config/values.ts';
import type { Logger } from './core/ports.ts';
import { cleanFields } from './logger/fields.ts';
import { createScrubber } from './logger/scrubber.ts';

/** What a finished line, with its line break, is written to. */
interface LogDestination {
  write(line: string): void;
}

export interface LoggerOptions {
  level: LogLevel;
  /** Values that must not be seen, as `Config.secrets` lists them. */
  secrets: string[];
  /** @default standard output */
  destination?: LogDestination;
}

/**
 * A logger whose lines hold `level`, `time` (ISO 8601), the fields and `msg`, and never one of `secrets`, a Telegram
 * token in an address, a bearer token, a `key=` of a query, or base64 of more than 200 characters. Errors among the
 * fields are told by name, code, message and causes.
 */
export function createLogger({ level, secrets, destination }: LoggerOptions): Logger {
  const scrub = createScrubber(secrets);
  const lines = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination ?? pino.destination({ fd: 1, sync: true }),
  );
  const at = (name: keyof Logger) => (fields: object, message: string) => {
    if (lines.isLevelEnabled(name)) lines[name](cleanFields(fields, scrub), scrub(message));
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
