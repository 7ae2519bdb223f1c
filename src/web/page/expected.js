/** What is being painted, before it is there, so that little moves when it comes. Pure. */

/** `{ ratio, count }` of what this status stands for; `chosen` gives a setting, undefined where none is. */
export function expectedOf({ answers }, { find, chosen }) {
  const answered = answers && find(answers.message);
  const text = answered?.text ?? '';
  // What a picture is made of gives it its shape as a rule.
  const origin = answered?.answers && find(answered.answers.message);
  const ratio =
    ratioIn(/--(?:ar|aspect)[ =](\S+)/.exec(text)?.[1]) ??
    ratioIn(chosen('aspect-ratio')) ??
    ratioOf(answered) ??
    ratioOf(origin) ??
    1;
  const count = Number(/--n[ =](\d)/.exec(text)?.[1] ?? chosen('count') ?? 1);
  return { ratio, count: Math.min(count || 1, 4) };
}

function ratioIn(text) {
  const [across, up] = (text ?? '').split(':');
  return across / up > 0 && up / across > 0 ? across / up : undefined;
}

function ratioOf(message) {
  const [picture] = message?.pictures ?? [];
  return picture && picture.width / picture.height;
}
