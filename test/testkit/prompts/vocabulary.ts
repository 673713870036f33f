/** Pieces that prompts are made of. Each list is a way in which terminals and agents have been seen to stumble. */
export const words = "read the file and change what it says about retries then run tests again until all of them pass do not touch other folders please explain why each step is needed before you start".split(" ");

export const scripts: readonly string[] = [
  "你好，世界。请修复测试", "日本語のテストを実行してください", "한국어 문장을 그대로 두세요", "مرحبا بالعالم، شغّل الاختبارات ١٢٣", "שלום עולם, הרץ את הבדיקות", "नमस्ते दुनिया क्षत्रिय ज्ञान", "สวัสดีชาวโลก กำลังทดสอบ",
  "Привет, мир. Запусти тесты", "Γειά σου Κόσμε", "வணக்கம் உலகம்", "ជំរាបសួរពិភពលោក", "မင်္ဂလာပါ", "Tiếng Việt có dấu", "ქართული ენა", "Հայերեն", "ﬁ ﬂ Å Ω 𝔘𝔫𝔦", "𠮷野家 𒀀 𝄞", "ｱｲｳﾞ ＡＢＣ",
  "e\u0301 o\u0302 n\u0303 decomposed", "ยินดี\u200bต้อนรับ", "می\u200cخواهم", "à la carte, naïve, Straße, İstanbul, ŁÓDŹ",
];

export const emoji: readonly string[] = ["🙂", "👍🏽", "👩‍👩‍👧‍👦", "🏳️‍🌈", "🇩🇪🇯🇵", "❤️", "1️⃣", "👨🏿‍🚀", "🫠", "☺\ufe0e", "🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}"];

export const stateWords: readonly string[] = [
  "esc to interrupt", "queued", "Do you want to proceed?", "Press enter to confirm or esc to cancel", "Would you like to run the following command?", "Allow execution of [Shell]?", "△ Permission required",
  "• Working (1s • esc to interrupt)", "Press up to edit queued messages", "Queued (press ↑ to edit):", "esc interrupt", "Thinking... (esc to cancel, 1s)", "? for shortcuts", "Ask Codex to do anything",
  "Type your message or @path/to/file", "[Pasted text #1 +4 lines]", "[Pasted Content 1016 chars]", "[Pasted Text: 200 lines]", "[Pasted ~5 lines]", "[Image #1]", "Press Ctrl-C again to exit", "Unknown command", "error", "delivered",
];

export const screens: readonly string[] = [
  "────────────────────────────────────────\n❯ draft\n────────────────────────────────────────\n  ? for shortcuts",
  " Do you want to proceed?\n ❯ 1. Yes\n   2. Yes, and don't ask again\n   3. No\n\n Esc to cancel",
  "› Ask Codex to do anything\n\n  test default · /home/me/work\n  ← for agents · ? for shortcuts",
  "╭──────────────────────╮\n│ ? Shell  touch x      │\n│ ● 1. Allow once       │\n╰──────────────────────╯",
  "  ┃\n  ┃  Ask anything…\n  ┃\n  ┃  Build · Model\n  ╹▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀",
  "$ npm test\n> vitest run\n\n ✓ 12 passed\n ✗ 1 failed\nuser@host:~$ ",
];

export const code: readonly string[] = [
  "```js\nconst a = `x${b}`;\nif (a && !b || c) { return \"\\n\" + '\\t'; }\n```", "```python\ndef f(x):\n\treturn {\"a\": x, 'b': [1, 2]}\n```", "SELECT * FROM t WHERE a = 'it''s' AND b LIKE '%_\\%';",
  "for f in *.ts; do echo \"$f\" | sed 's/\\//\\\\/g'; done", "C:\\Users\\me\\file.txt and \\\\server\\share", "regex /^\\s*(?:#|\\/\\/)\\s*$/gm", "{\"key\": [null, true, \"\\u00e9\"], \"n\": 1e-9}",
  "<div class=\"a\">b &amp; c</div><!-- d --><br/>", "| a | b |\n|---|:-:|\n| 1 | `x|y` |", "# Title\n\n- item\n  - nested\n1. one\n\n> quote\n\n---\n**bold** _it_ ~~no~~ [l](http://x.y/?a=b&c#d)",
  "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n-old\n+new", "#!/bin/sh\nset -eu\ntrap 'rm -rf \"$tmp\"' EXIT", "printf '%s\\n' \"$HOME\" 100% ~/x !! !$ $(date) `id`", "col1\tcol2\tcol3\n1\t2\t3",
];

/** Beginnings that agents read as something else; the prompt goes on behind them. */
export const beginnings: readonly string[] = [
  "/", "/help ", "/foo ", "/etc/hostname ", "//", "/* ", "!", "!echo ", "# ", "#", "& ", "? ", "> ", "@", "@README.md ", "@nofile ", "$ ", "$HOME ", "% ", "~ ", "~/x ", "- ", "-- ", "| ", "1. ", "* ", "\\", "\"", "'", "`", "(", "[ ] ", "{", "<x>",
  " ", "   ", "\n", "\n\n", "\t", "[Image #1] ", "exit ", "quit\n", ":q ", "y\n", "1\n", "file:///etc/hostname ", "ultrathink ", "\u00a0", "\ufeff", "\u200b",
];

/** Ends that agents read as something else. */
export const endings: readonly string[] = [
  "\\", "\\\\", " \\", " @README.md", " @nofile", " @", " $word", " #word", " /cle", " /", " :smi", " :smile:", "?", "!", " ", "   ", "\n", "\n\n", "\t", ":", " |", " &", "```", " ./README.md", " src/", "…", "\u00a0", "\u200b", "\r\n", " me@example.com", "'", "\"",
];

/** Characters that no terminal text should hold; what becomes of them must be declared. */
export const controls: readonly string[] = ["\r\n", "\r", "\u001b[31mred\u001b[0m", "\u001b[201~", "\u001b]0;t\u0007", "\u0001", "\u0007", "\b", "\u007f", "\v", "\f", "\u0085", "\u009b31m", "\u0000"];
