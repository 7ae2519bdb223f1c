/** Simplified characters as Taiwan writes them, as far as our short descriptions use them. */

const SIMPLIFIED =
  '图画张说里现风开对话设数语个么删关于为编辑宽处种择会还从这样给问题词类无让单选项内时间试们进复变应输传载码过长动点击发没条报请后缩续继组帮记横竖';
const TRADITIONAL =
  '圖畫張說裡現風開對話設數語個麼刪關於為編輯寬處種擇會還從這樣給問題詞類無讓單選項內時間試們進覆變應輸傳載碼過長動點擊發沒條報請後縮續繼組幫記橫豎';

/** One character for another: enough for labels, too little for prose. */
export function toTraditional(text: string): string {
  return text.replace(
    /\p{Script=Han}/gu,
    (letter) => TRADITIONAL[SIMPLIFIED.indexOf(letter)] ?? letter,
  );
}
