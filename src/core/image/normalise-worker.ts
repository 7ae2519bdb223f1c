import { EaselError } from '../errors.ts';
import type { NormaliseAnswer, NormaliseTask } from './normalise.ts';
import { normalisePicture } from './normalise-picture.ts';

// Runs in a child process of its own, one task at a time (`normalise.ts`). Decoders see hostile bytes here, where a crash
// costs one picture and their memory is given back with the process.
process.on('disconnect', () => process.exit());
process.on('message', (task: NormaliseTask) => {
  void answer(task).then((result) => process.send?.(result));
});
process.send?.({ type: 'ready' } satisfies NormaliseAnswer);

async function answer(task: NormaliseTask): Promise<NormaliseAnswer> {
  try {
    return { type: 'done', picture: await normalisePicture(task) };
  } catch (error) {
    // Whatever a decoder cannot read is a picture that Easel does not support.
    const code = error instanceof EaselError ? error.code : 'attachment-unsupported';
    return { type: 'failed', code };
  }
}
