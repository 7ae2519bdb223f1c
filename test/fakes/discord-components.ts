/** What Discord says of components in messages and forms. */
import { checkCount, checkText, invalid, required } from './discord-failure.ts';
import type { Values } from './discord-multipart.ts';

export const TYPE = {
  row: 1,
  button: 2,
  stringSelect: 3,
  textInput: 4,
  mentionableSelect: 7,
  channelSelect: 8,
  section: 9,
  textDisplay: 10,
  thumbnail: 11,
  gallery: 12,
  file: 13,
  separator: 14,
  container: 17,
  label: 18,
  fileUpload: 19,
  radioGroup: 21,
  checkboxGroup: 22,
  checkbox: 23,
} as const;

export interface Component extends Values {
  type: number;
  id?: number;
  custom_id?: string;
  components?: Component[];
  component?: Component;
  accessory?: Component;
  disabled?: boolean;
  required?: boolean;
  options?: { label: string; value: string; description?: string; default?: boolean }[];
}

interface Placed {
  component: Component;
  path: string;
}

/** Every component with the path to it, outermost first. */
export function* walk(components: Component[] = [], path = 'components'): Generator<Placed> {
  for (const [index, component] of components.entries()) {
    yield* walkOne(component, `${path}.${index}`);
  }
}

function* walkOne(component: Component, path: string): Generator<Placed> {
  yield { component, path };
  yield* walk(component.components, `${path}.components`);
  const { component: inner, accessory } = component;
  if (inner !== undefined) yield* walkOne(inner, `${path}.component`);
  if (accessory !== undefined) yield* walkOne(accessory, `${path}.accessory`);
}

/** Gives every component its number, and a select its bounds, as Discord does where the bot did not. */
export function numbered(components: Component[]): Component[] {
  const copy = structuredClone(components);
  for (const [index, { component }] of [...walk(copy)].entries()) {
    component.id ??= index + 1;
    if (isSelect(component.type))
      Object.assign(component, { min_values: 1, max_values: 1, ...component });
  }
  return copy;
}

function isSelect(type: number): boolean {
  return type === TYPE.stringSelect || (type > TYPE.textInput && type <= TYPE.channelSelect);
}

/** @param isV2 The message has the flag of Components V2. */
export function checkMessageComponents(
  components: Component[],
  { path, isV2, names }: { path: string; isV2: boolean; names: string[] },
): void {
  const top = isV2 ? [1, 9, 10, 12, 13, 14, 17] : [TYPE.row];
  for (const [index, { type }] of components.entries()) checkType(type, top, `${path}.${index}`);
  if (!isV2) checkCount(components, path, { max: 5 });
  const all = [...walk(components, path)];
  if (all.length > 40) {
    throw invalid(path, 'COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED', 'The maximum is (40)');
  }
  checkIds(all);
  for (const each of all) checkOne(each, names);
  const words = all.map(({ component }) => (component.type === 10 ? component.content : ''));
  if (words.join('').length > 4000) {
    throw invalid(path, 'COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED', 'The maximum is (4000)');
  }
}

function checkType(type: number, allowed: readonly number[], path: string): void {
  if (allowed.includes(type)) return;
  throw invalid(
    `${path}.type`,
    'UNION_TYPE_CHOICES',
    `Value of field "type" must be one of (${allowed.join(', ')}).`,
  );
}

function checkIds(placed: Placed[]): void {
  const seen = new Set<string>();
  for (const { component, path } of placed) {
    const { custom_id: id } = component;
    if (id === undefined) continue;
    checkText(id, `${path}.custom_id`, { min: 1, max: 100 });
    if (seen.has(id)) {
      throw invalid(
        `${path}.custom_id`,
        'COMPONENT_CUSTOM_ID_DUPLICATED',
        'Component custom id cannot be duplicated',
      );
    }
    seen.add(id);
  }
}

function checkOne({ component, path }: Placed, names: string[]): void {
  if (component.type === TYPE.row) checkRow(component, path);
  if (component.type === TYPE.button) checkButton(component, path);
  if (isSelect(component.type)) checkSelect(component, path);
  if (component.type === TYPE.textDisplay)
    checkText(component.content, `${path}.content`, { min: 1, max: 4000 });
  if (component.type === TYPE.gallery)
    checkCount(component.items as [], `${path}.items`, { min: 1, max: 10 });
  checkMedia(component, path, names);
}

function checkRow({ components = [] }: Component, path: string): void {
  checkCount(components, `${path}.components`, { min: 1, max: 5 });
  const selects = components.filter(({ type }) => isSelect(type)).length;
  if (selects > 0 && components.length > 1) {
    throw invalid(
      `${path}.components`,
      'COMPONENT_LAYOUT_WIDTH_EXCEEDED',
      'The specified component exceeds the maximum width',
    );
  }
}

function checkButton(button: Component, path: string): void {
  checkText(button.label, `${path}.label`, { max: 80 });
  if (button.style === 5 ? button.url === undefined : button.custom_id === undefined) {
    throw invalid(
      path,
      button.style === 5 ? 'BUTTON_COMPONENT_URL_REQUIRED' : 'BUTTON_COMPONENT_CUSTOM_ID_REQUIRED',
      'It is required',
    );
  }
  if (!button.label && button.emoji === undefined) {
    throw invalid(path, 'BUTTON_COMPONENT_INVALID_LABEL', 'A label or emoji is required');
  }
}

function checkSelect(select: Component, path: string): void {
  if (select.custom_id === undefined) throw required(`${path}.custom_id`);
  checkText(select.placeholder, `${path}.placeholder`, { max: 150 });
  if (select.type === TYPE.stringSelect) checkOptions(select, path, { max: 25 });
}

function checkOptions({ options = [] }: Component, path: string, { max }: { max: number }): void {
  checkCount(options, `${path}.options`, { min: 1, max });
  for (const [index, option] of options.entries()) {
    const at = `${path}.options.${index}`;
    checkText(option.label, `${at}.label`, { min: 1, max: 100 });
    checkText(option.value, `${at}.value`, { min: 1, max: 100 });
    checkText(option.description, `${at}.description`, { max: 100 });
    if (options.findIndex(({ value }) => value === option.value) < index) {
      throw invalid(
        `${at}.value`,
        'SELECT_COMPONENT_OPTION_VALUE_DUPLICATED',
        'The specified option value is already used',
      );
    }
  }
}

function checkMedia(component: Component, path: string, names: string[]): void {
  const items = [component, ...((component.items ?? []) as Component[])];
  for (const item of items) {
    const { url = '' } = (item.media ?? item.file ?? {}) as { url?: string };
    const name = /^attachment:\/\/(.+)$/.exec(url)?.[1];
    checkText(item.description, `${path}.description`, { max: 1024 });
    if (name !== undefined && !names.includes(name)) {
      throw invalid(
        path,
        'UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND',
        `The referenced attachment "${url}" was not found`,
      );
    }
  }
}

const IN_LABEL = [3, 4, 5, 6, 7, 8, TYPE.fileUpload, 21, 22, 23];

/** A form: `data` of a callback of type 9. */
export function checkModal(modal: Values): void {
  checkText(modal.title, 'data.title', { min: 1, max: 45 });
  checkText(modal.custom_id, 'data.custom_id', { min: 1, max: 100 });
  const components = modal.components as Component[] | undefined;
  if (components === undefined) throw required('data.components');
  checkCount(components, 'data.components', { min: 1, max: 5 });
  for (const [index, { type }] of components.entries()) {
    checkType(type, [TYPE.row, TYPE.textDisplay, TYPE.label], `data.components.${index}`);
  }
  const all = [...walk(components, 'data.components')];
  checkIds(all);
  for (const each of all) checkField(each);
}

function checkField({ component, path }: Placed): void {
  const { type } = component;
  if (component.disabled) {
    throw invalid(
      path,
      'MODAL_COMPONENT_DISABLED_NOT_ALLOWED',
      'Components in modals cannot be disabled',
    );
  }
  if (type === TYPE.label) {
    checkText(component.label, `${path}.label`, { min: 1, max: 45 });
    checkText(component.description, `${path}.description`, { max: 100 });
    if (component.component === undefined) throw required(`${path}.component`);
    checkType(component.component.type, IN_LABEL, `${path}.component`);
  }
  if (IN_LABEL.includes(type) && component.custom_id === undefined)
    throw required(`${path}.custom_id`);
  if (type === TYPE.textInput) {
    checkText(component.placeholder, `${path}.placeholder`, { max: 100 });
    checkText(component.value, `${path}.value`, { max: Number(component.max_length ?? 4000) });
  }
  if (type === TYPE.stringSelect) checkSelect(component, path);
  if (type === TYPE.radioGroup) checkOptions(component, path, { max: 10 });
  if (type === TYPE.checkboxGroup) checkOptions(component, path, { max: 10 });
}
