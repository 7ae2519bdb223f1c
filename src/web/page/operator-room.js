/** Where there is room for the days: below the shorter column, so that both end about together. */

/** Pixels by which one has to be shorter before they move again: jobs that come and go move nothing. */
const STEADY = 240;

/** Whether the days belong into the second column; `isAside`: whether they are there now, undefined at first. */
export function findRoom(board, isAside) {
  const [first, second] = [...board.querySelectorAll('.column')].map(endOf);
  if (first === undefined || second === undefined) return isAside;
  if (isAside !== undefined && Math.abs(first - second) < STEADY) return isAside;
  return second < first;
}

/** Where the other cards of a column end: their words, not the card, which may be stretched. Undefined in one column. */
function endOf(column) {
  const last = [...column.querySelectorAll(':scope > .card:not(#days)')].at(-1);
  const isStacked = getComputedStyle(column).display === 'contents';
  return isStacked ? undefined : last?.lastElementChild.getBoundingClientRect().bottom;
}
