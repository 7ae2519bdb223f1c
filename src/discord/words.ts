/** Words of Discord's own forms and menus, in the languages of `locales/`. */
import type { Language } from '../core/index.ts';

const WORDS = {
  'discord.menu.edit': ['Edit image', '编辑图片', '画像を編集'],
  'discord.menu.describe': ['Describe image', '描述图片', '画像を説明'],
  'discord.edit': ['Change pictures by words', '用文字修改图片', '言葉で画像を変える'],
  'discord.option.prompt': ['What you would like to see', '想看到什么', '見たいもの'],
  'discord.option.change': ['What shall be different', '要改成什么样', 'どう変えるか'],
  'discord.option.question': ['What you would like to know', '想知道什么', '知りたいこと'],
  'discord.option.image': ['A picture to work on', '要处理的图片', '使う画像'],
  'discord.option.another-image': ['One more picture', '再加一张图片', 'もう一枚の画像'],
  'discord.option.aspect-ratio': ['Width to height', '宽高比', '縦横比'],
  'discord.option.size': ['How large the picture is', '图片大小', '画像の大きさ'],
  'discord.option.count': ['How many pictures', '图片数量', '画像の枚数'],
  'discord.option.model': ['Which model paints', '使用的模型', '使うモデル'],
  'discord.option.style': ['A ready-made style', '现成的风格', '用意されたスタイル'],
  'discord.name.prompt': ['prompt', '提示词', 'プロンプト'],
  'discord.name.question': ['question', '问题', '質問'],
  'discord.name.image': ['image', '图片', '画像'],
  'discord.name.aspect-ratio': ['aspect_ratio', '宽高比', '縦横比'],
  'discord.name.size': ['size', '大小', 'サイズ'],
  'discord.name.count': ['count', '数量', '枚数'],
  'discord.name.model': ['model', '模型', 'モデル'],
  'discord.name.style': ['style', '风格', 'スタイル'],
  'discord.form.title': ['Edit image', '编辑图片', '画像を編集'],
  'discord.form.words': ['What shall I change?', '要改成什么样？', 'どう変えますか？'],
  'discord.form.style': ['Or choose a style', '或者选择一种风格', 'またはスタイルを選ぶ'],
  'discord.form.files': ['More pictures to use', '还要用到的图片', 'ほかに使う画像'],
  'discord.no-picture': [
    'I see no picture in this message.',
    '这条消息里没有图片。',
    'このメッセージには画像がありません。',
  ],
} as const satisfies Record<string, readonly [en: string, zh: string, ja: string]>;

export type DiscordWordKey = keyof typeof WORDS;

const COLUMN: Record<Language, 0 | 1 | 2> = { en: 0, zh: 1, ja: 2 };

export function word(language: Language, key: DiscordWordKey): string {
  return WORDS[key][COLUMN[language]];
}
