// Puts sender and subject above the mail, as a mail program does, and examples in place of what changes each time.
([mail, language, code, vorgang]) => {
  const token = /\/neues-passwort\/#([\w-]+)/.exec(mail.text)[1];
  const number = /\b[2-9A-HJ-NP-Z]{3}(?:-[2-9A-HJ-NP-Z]{3}){2}\b/.exec(mail.text)[0];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    node.data = node.data.replace(token, code.padEnd(token.length, "_").slice(0, token.length)).replace(number, vorgang);
  }
  const words = { de: ["Von", "Betreff"], en: ["From", "Subject"] }[language];
  const head = document.createElement("header");
  head.style.cssText = "padding:12px 24px;border-bottom:1px solid;font:14px/1.5 sans-serif";
  for (const [word, value] of [[words[0], mail.from], [words[1], mail.subject]]) {
    const line = document.createElement("p");
    line.style.margin = "0";
    const strong = document.createElement("strong");
    strong.textContent = value;
    line.append(`${word}: `, word === words[1] ? strong : value);
    head.append(line);
  }
  const letter = document.createElement("div");
  letter.className = "frame";
  letter.style.cssText = "border:1px solid;margin:16px;color-scheme:light dark;color:CanvasText;background:Canvas";
  const body = document.createElement("div");
  body.style.cssText = document.body.style.cssText;
  body.append(...document.body.childNodes);
  document.body.style.cssText = "margin:0";
  letter.append(head, body);
  document.body.append(letter);
}
