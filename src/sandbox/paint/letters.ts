/** A built-in alphabet, so that no picture depends on the fonts of the machine. */

/** Printable ASCII from space on, 5 columns a letter, 2 hex digits a column, lowest bit on top, 7 rows. */
const COLUMNS = [
  '000000000000005f00000007000700147f147f14242a7f2a12231308646236495522500005030000',
  '001c2241000041221c0014083e081408083e08080050300000080808080800606000002010080402',
  '3e5149453e00427f4000426151494621414548311814127f1027454545393c4a4949300171090503',
  '3649494936064949291e003636000000563600000814224100141414141400412214080201510906',
  '324979413e7e1111117e7f494949363e414141227f4141221c7f494949417f090909013e4149497a',
  '7f0808087f00417f41002040413f017f081422417f404040407f020c027f7f0408107f3e4141413e',
  '7f090909063e4151215e7f09192946464949493101017f01013f4040403f1f2040201f3f4038403f',
  '631408146307087008076151494543007f41410002040810200041417f0004020102044040404040',
  '000102040020545454787f484444383844444420384444487f3854545418087e0901020c5252523e',
  '7f0804047800447d40002040443d007f1028440000417f40007c041804787c080404783844444438',
  '7c14141408081418187c7c080404084854545420043f4440203c4040207c1c2040201c3c4030403c',
  '44281028440c5050503c4464544c44000836410000007f000000413608001008081008',
].join('');

const COLUMN_COUNT = 5;
const ROW_COUNT = 7;
/** One empty column between letters. */
const ADVANCE = COLUMN_COUNT + 1;

/** Whether the built-in alphabet has every letter of the text. */
export function canSpell(text: string): boolean {
  return /^[ -~]*$/.test(text);
}

/** Width and height of one line, in cells of the alphabet's grid. */
export function measureLetters(text: string): { columns: number; rows: number } {
  return { columns: Math.max(0, text.length * ADVANCE - 1), rows: ROW_COUNT };
}

/** The line as SVG path data in grid cells, origin top left. Letters outside ASCII become `?`. */
export function drawLetters(text: string): string {
  const letters = [...text].map((letter) => (canSpell(letter) ? letter : '?'));
  return letters.map((letter, index) => drawLetter(letter, index * ADVANCE)).join('');
}

function drawLetter(letter: string, left: number): string {
  const start = (letter.charCodeAt(0) - 0x20) * COLUMN_COUNT * 2;
  let path = '';
  for (let column = 0; column < COLUMN_COUNT; column++) {
    const bits = Number.parseInt(COLUMNS.slice(start + column * 2, start + column * 2 + 2), 16);
    for (let row = 0; row < ROW_COUNT; row++) {
      if (bits & (1 << row)) path += `M${left + column} ${row}h1v1h-1z`;
    }
  }
  return path;
}
