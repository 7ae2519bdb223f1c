/** A form that a person filled in, as Discord hands it to the bot. */
import { type Component, numbered, TYPE, walk } from './discord-components.ts';
import type { Values } from './discord-multipart.ts';
import { addFile, checkEnding, type Place } from './discord-options.ts';
import type { FieldValue, PersonFile } from './discord-person.ts';

type Filled = Record<string, FieldValue>;

/** @throws Error for a field that the form does not have, or a value that its app would not take */
export function fillForm(place: Place, modal: Values, values: Filled): Values {
  const attachments: Values = {};
  const all = [...walk(modal.components as Component[])];
  const unknown = Object.keys(values).filter(
    (name) => !all.some(({ component }) => component.custom_id === name),
  );
  if (unknown.length > 0) throw new Error(`the form has no field ${unknown.join(', ')}`);
  const field = (component: Component): Values => {
    const { type, id, custom_id: customId = '' } = component;
    return {
      type,
      id,
      custom_id: customId,
      ...answer(place, component, values[customId], attachments),
    };
  };
  const components = numbered(modal.components as Component[]).map((part) => {
    const { type, id, component, components: inside } = part;
    if (component) return { type, id, component: field(component) };
    return type === TYPE.row ? { type, id, components: (inside ?? []).map(field) } : { type, id };
  });
  const resolved = Object.keys(attachments).length > 0 ? { attachments } : {};
  return { custom_id: modal.custom_id, components, resolved };
}

function answer(
  place: Place,
  component: Component,
  given: FieldValue | undefined,
  attachments: Values,
): Values {
  const { type } = component;
  if (type === TYPE.textInput) return { value: words(component, given) };
  if (type === TYPE.checkbox) return { value: given === true };
  if (type === TYPE.radioGroup) return { value: chosen(component, given)[0] ?? null };
  if (type === TYPE.fileUpload) return { values: uploaded(place, component, given, attachments) };
  return { values: chosen(component, given) };
}

function words({ custom_id: id, ...input }: Component, given: FieldValue | undefined): string {
  const text = String(given ?? input.value ?? '');
  const needed = (input.required ?? true) ? Math.max(1, Number(input.min_length ?? 1)) : 0;
  if (text.length < needed || text.length > Number(input.max_length ?? 4000)) {
    throw new Error(`${id} takes no text of ${text.length}`);
  }
  return text;
}

function chosen(
  { custom_id: id, options = [], ...select }: Component,
  given: FieldValue | undefined,
): string[] {
  const preset = options.filter((option) => option.default).map(({ value }) => value);
  const values = given === undefined ? preset : [given].flat().map(String);
  const needed = (select.required ?? true) ? Number(select.min_values ?? 1) : 0;
  const isOffered = values.every(
    (value) => options.length === 0 || options.some((option) => option.value === value),
  );
  if (!isOffered || values.length < needed)
    throw new Error(`${id} does not take ${values.join(', ') || 'nothing'}`);
  return values;
}

function uploaded(
  place: Place,
  { custom_id: id, ...field }: Component,
  given: FieldValue | undefined,
  attachments: Values,
): string[] {
  const files = (Array.isArray(given) ? given : []) as PersonFile[];
  const needed = (field.required ?? true) ? Number(field.min_values ?? 1) : 0;
  if (files.length < needed || files.length > Number(field.max_values ?? 1)) {
    throw new Error(`${id} takes no ${files.length} files`);
  }
  return files.map((file) => {
    checkEnding(file, field.file_types as string[] | undefined);
    return addFile(place, file, attachments);
  });
}
