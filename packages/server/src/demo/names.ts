import type { Source } from './random.ts';

const surnames = [
  ...'王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余',
  ...'于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷',
  '欧阳',
  '上官',
  '司马',
  '诸葛',
  '慕容',
  '端木',
];

const given = [
  ...'安柏冰博彩晨澄川聪丹德东朵恩方芳飞菲峰钢歌格光桂国海涵浩禾荷恒弘华欢慧嘉健江杰',
  ...'今金晶静娟军君俊凯可坤岚乐磊丽莉亮林灵玲龙璐玫美萌敏明楠宁鹏萍平琪琦强青清晴秋',
  ...'然仁荣瑞山珊尚诗石书舒思松涛天田婷彤伟炜文雯武希曦霞贤晓昕新欣兴秀轩雪雅妍燕阳',
  ...'瑶怡艺英颖永勇宇雨玉元媛岳云泽哲真志智中竹卓子梓',
];

/** Names with rare characters and with a middle dot: documents must draw them all. */
const rare = [
  '欧阳𬭎',
  '李㛃',
  '陈䶮',
  '周翀',
  '阿依努尔·麦麦提',
  '沈喆堃',
  '林𬱖',
  '古丽娜尔·艾尼瓦尔',
  '何𫖯',
  '王犇',
];

/** An invented name; about one in eighty is a rare one. */
export function inventName(source: Source): string {
  if (source.below(80) === 0) return source.pick(rare);
  const surname = source.pick(surnames);
  const first = source.pick(given);
  return source.below(6) === 0 ? surname + first : surname + first + source.pick(given);
}

/** The rare name at this place, for people who must have one. */
export function rareName(at: number): string {
  return rare[at % rare.length] ?? '';
}
