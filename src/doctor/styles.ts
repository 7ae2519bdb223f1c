import { STARTER_STYLES } from '../core/desk/starter-styles.ts';
import { loadStyles, toEaselError } from '../core/index.ts';
import { about, type Check } from './finding.ts';

const found = about('styles.yaml');

export const stylesCheck: Check = {
  name: 'styles.yaml',
  async run({ config }) {
    try {
      const styles = await loadStyles(config.dataDir);
      const own = styles.filter((style) => !STARTER_STYLES.includes(style)).length;
      if (own === 0) return [found.unset('no styles of your own; the starters are shown')];
      return [found.good(`${own} of your own understood`)];
    } catch (thrown) {
      const { detail = 'unreadable' } = toEaselError(thrown);
      return [found.bad(detail, 'styles.yaml in DATA_DIR: docs/styles.md shows how it is written')];
    }
  },
};
