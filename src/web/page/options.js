/** Settings as selects: the core keeps them, each choice is a button of its. And the style of the next message. */
import { el, icon } from './dom.js';

export function createOptions({ state, onChoose, onChange }) {
  const { words, settings, styles } = state;
  const isLanguage = ({ name }) => name === 'language';
  const style = styleSelect(styles, words, onChange);
  const groups = settings
    .filter((group) => !isLanguage(group))
    .map((group) => settingSelect(group, onChoose));
  const language = settings.filter(isLanguage).map((group) => settingSelect(group, onChoose));
  const select = style.querySelector('select');
  return {
    element: el('div', { class: 'options' }, groups, styles.length > 0 && style),
    language: language[0],
    /** Its name, or undefined. */
    style: () => select.value || undefined,
    clearStyle() {
      select.value = '';
      mark(style, false);
    },
  };
}

function settingSelect({ name, label, choices }, onChoose) {
  const entries = choices.map(({ id, label: text, isChosen }) =>
    el('option', { value: id, text, selected: isChosen }),
  );
  const sign = name === 'language' && icon('globe');
  const pill = el('label', { class: `pill setting-${name}` }, sign, el('span', { text: label }));
  const onchange = () => {
    mark(pill, select.selectedIndex > 0);
    onChoose(select.value);
  };
  const select = el('select', { 'aria-label': label, onchange }, entries);
  pill.append(select);
  return mark(pill, select.selectedIndex > 0);
}

function styleSelect(styles, words, onChange) {
  const none = el('option', { value: '', text: words['style.none'] });
  const entries = styles.map(({ name, label }) => el('option', { value: name, text: label }));
  const pill = el('label', { class: 'pill' }, el('span', { text: words.style }));
  const onchange = () => {
    mark(pill, select.value !== '');
    onChange();
  };
  const select = el('select', { 'aria-label': words.style, onchange }, none, entries);
  pill.append(select);
  return pill;
}

/** Whether something else than the first choice is chosen. */
function mark(pill, isSet) {
  pill.classList.toggle('is-set', isSet);
  return pill;
}
