import { EaselError } from '../errors.ts';
import type { DecoderTask, NormaliseAnswer } from './normalise.ts';
import { normalisePicture } from './normalise-picture.ts';
import { shrinkPicture } from './shrink-picture.ts';

// Runs in a child process of its own, one task at a time (`normalise.ts`). Decoders see hostile bytes here, where a crash
// costs one picture and their memory is given back with the process.
process.on('disconnect', () => process.exit());
process.on('message', (task: DecoderTask) => {
  void answer(task).then((result) => process.send?.(result));
});
process.send?.({ type: 'ready' } satisfies NormaliseAnswer);

async function answer(task: DecoderTask): Promise<NormaliseAnswer> {
  try {
    const isShrink = 'maxBytes' in task;
    const picture = isShrink ? await shrinkPicture(task) : await normalisePicture(task);
    return { type: 'done', picture };
  } catch (error) {
    // Whatever a decoder cannot read is a picture that Easel does not support.
    const code = error instanceof EaselError ? error.code : 'attachment-unsupported';
    return { type: 'failed', code };
  }
}
