import { type ChildProcess, fork } from 'node:child_process';
import { EaselError } from '../errors.ts';
import type { DecoderTask, NormaliseAnswer, NormalisedPicture } from './normalise.ts';

/** The child process that decodes: started on first use, kept warm, replaced when it dies. */
export interface DecoderProcess {
  /** One task at a time. @throws EaselError `attachment-unsupported` also for a crash or a time-out; `signal`'s reason */
  run(task: DecoderTask, signal: AbortSignal): Promise<NormalisedPicture>;
  stop(): void;
}

export interface DecoderProcessOptions {
  timeoutMs: number;
  idleMs: number;
}

export function createDecoderProcess({ timeoutMs, idleMs }: DecoderProcessOptions): DecoderProcess {
  let child: ChildProcess | undefined;
  let idle: NodeJS.Timeout | undefined;

  const stop = () => {
    clearTimeout(idle);
    child?.kill('SIGKILL');
    child = undefined;
  };
  const rest = () => {
    child?.unref();
    child?.channel?.unref();
    idle = setTimeout(stop, idleMs).unref();
  };
  const wake = async (signal: AbortSignal) => {
    clearTimeout(idle);
    if (child?.connected) {
      child.channel?.ref();
      return child;
    }
    child = startChild();
    await nextAnswer(child, { timeoutMs, signal });
    return child;
  };
  const ask = async (task: DecoderTask, signal: AbortSignal) => {
    const running = await wake(signal);
    const answer = nextAnswer(running, { timeoutMs, signal });
    running.send(task, () => {}); // a failure to send shows as the child's exit
    return answer;
  };
  return {
    stop,
    async run(task, signal) {
      const answer = await ask(task, signal).catch((error: unknown) => {
        stop();
        throw error;
      });
      rest();
      if (answer.type === 'done') return answer.picture;
      throw new EaselError(answer.type === 'failed' ? answer.code : 'attachment-unsupported');
    },
  };
}

function startChild(): ChildProcess {
  const child = fork(new URL('./normalise-worker.ts', import.meta.url), {
    serialization: 'advanced',
    // May read files (its modules), and neither write, nor start anything.
    execArgv: ['--permission', '--allow-fs-read=*', '--allow-addons'],
    // No secrets in reach of a decoder; few arenas keep the peak of its heap down.
    env: { MALLOC_ARENA_MAX: '2' },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  // Without a listener, a late failure to kill or send would end the bot.
  return child.on('error', () => {});
}

/** The child's next message; its death, the time-out and the signal reject instead. */
function nextAnswer(
  child: ChildProcess,
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
): Promise<NormaliseAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<NormaliseAnswer>();
  const fail = () => reject(new EaselError('attachment-unsupported'));
  const abort = () => reject(signal.reason);
  const timer = setTimeout(fail, timeoutMs);
  child.once('message', resolve).once('exit', fail).once('error', fail);
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  return promise.finally(() => {
    clearTimeout(timer);
    child.off('message', resolve).off('exit', fail).off('error', fail);
    signal.removeEventListener('abort', abort);
  });
}
