/** Texts on which tokenizers differ that are not the same, to find out by behaviour which rules one has. */

/** What the known split rules cut in different places, and what normalizers change; each line is a text of its own. */
export const probingTexts: readonly string[] = [
  ' ',
  '   ',
  'The kitchen light is on, isn’t it?  Turn   it off.',
  "I'm you're we've they'd he'll it's don't I'M YOU'RE WE'VE THEY'D HE'LL IT'S DON'T 'tis 'Sam 'ſ",
  '1 12 123 1234 12345 123456 1234567 3.14 -2e10 1,000,000 x1 1x 7th',
  '١٢٣٤ ०१२३ ๓๔๕๖ ①②③④ Ⅷ ⅻⅿ x²³¹ ½¾',
  'HTMLParser iPhone camelCase PascalCase ALLCAPS aB ABc Ǆungla ʰaɪ',
  'naïve café cafe\u0301 e\u0301A\u0301 a\u0300\u0323b Zu\u0308rich ÉTÉ ﬁ Å \u212B ΣΊΣΥΦΟΣ İI',
  '東京都は日本の首都です。中文，標點！한국어 텍스트 각',
  'ไทยภาษา हिन्दी நன்றி العربية עברית ქართული',
  '😀😀 👩‍👩‍👧‍👦 🇩🇪 🦜🧿𠀀 𝒳𝓎𝔃 ☃️ a\u200bb zw\u200dj a\ufeffb',
  'a\nb\n\nc\n\n\nd\r\ne\r\n\r\nf\rg \n h\n  i\t\tj \t\n k',
  '  two\n   three\n\tTab\n\t\tTabs\n \n \n',
  'end \n',
  'end\n\n  ',
  'a\u00a0b\u3000c\u2003d\u0085e\u000bf\u000cg \u00a0 h',
  '...!!!??? --- ===> <== $5 €6 +7 ~8 ^9 |10| `code` "q" (p) [b] {c} a_b_c #tag @me 50% & * \\ /',
  '!\n?\n\n;\r\n/\n//\na/\nb/ \n <b>\n ,word .word -word _word /word $word',
  'for (let i = 0; i < 10; i++) {\n  console.log(`${i}: "x"`);\n}\n',
  '{"action":"light.on","room":"living_room","level":40}',
  'https://example.org/a/b?c=d&e=f#g',
  'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa bbbbbb abababab',
  '\u0000\u0001\u001f\u007f',
];
