/** Settings as selects: the core keeps them, each choice is a button of its. And the style of the next message. */
import { el, icon } from './dom.js';

/** Settings come later than all else: `show` puts them in their places. */
export function createOptions({ state, onChoose, onChange }) {
  const { words, styles, language } = state;
  const isLanguage = ({ name }) => name === 'language';
  const style = styleSelect(styles, words, onChange);
  const select = style.querySelector('select');
  const element = el('div', { class: 'options' }, styles.length > 0 && style);
  const languagePlace = el('span', { class: 'language' });
  const pills = new Map();
  return {
    element,
    language: languagePlace,
    show(settings) {
      for (const group of settings) pills.set(group.name, settingSelect(group, onChoose));
      const places = settings.filter((group) => !isLanguage(group));
      element.prepend(...places.map(({ name }) => pills.get(name)));
      const own = pills.get('language');
      if (own === undefined) return;
      // The language in use, also where it was not chosen.
      const names = new Intl.DisplayNames(language, { type: 'language' });
      own.prepend(icon('globe'));
      own.querySelector('span').textContent = names.of(language);
      languagePlace.replaceChildren(own);
    },
    /** What is chosen of a setting, in its words; undefined where nothing is. */
    chosen(name) {
      const { selectedIndex = 0, selectedOptions } = pills.get(name)?.querySelector('select') ?? {};
      return selectedIndex > 0 ? selectedOptions[0].text : undefined;
    },
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
  const pill = el('label', { class: `pill setting-${name}` }, el('span', { text: label }));
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
