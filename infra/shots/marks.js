// Draws the marks over the page: a frame around each control and its number beside it, both with a white halo.
// Answers with what is wrong: a mark that is cut off or lies over text.
(marks) => {
  const RED = "#b3001b", SIZE = 26;
  for (const old of document.querySelectorAll(".shot-mark")) old.remove();
  const frame = document.querySelector(".frame").getBoundingClientRect();
  const texts = [];
  const walker = document.createTreeWalker(document.querySelector(".frame"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (!node.data.trim() || !node.parentElement.checkVisibility({ visibilityProperty: true })) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    texts.push(...[...range.getClientRects()].filter((box) => box.width > 1).map((box) => [node, box]));
  }
  const place = (left, top, width, height, style, text = "") => {
    const mark = document.createElement("div");
    mark.className = "shot-mark";
    Object.assign(mark.style, {
      position: "absolute", left: `${left + scrollX}px`, top: `${top + scrollY}px`, width: `${width}px`, height: `${height}px`,
      boxSizing: "border-box", boxShadow: "0 0 0 2px #fff", zIndex: 99, pointerEvents: "none", ...style,
    });
    mark.textContent = text;
    document.body.append(mark);
    return mark.getBoundingClientRect();
  };
  const faults = [];
  const check = (number, box, inside) => {
    if (box.left < 2 || box.right > innerWidth - 2 || box.top < frame.top - 14 || box.bottom > frame.bottom + 14) faults.push(`mark ${number} is cut off`);
    for (const [node, text] of texts) {
      const over = Math.min(box.right, text.right) - Math.max(box.left, text.left) > 1 && Math.min(box.bottom, text.bottom) - Math.max(box.top, text.top) > 1;
      if (over && !inside?.contains(node)) faults.push(`mark ${number} lies over "${node.data.trim()}"`);
    }
  };
  for (const [control, number] of marks) {
    const box = control.getBoundingClientRect();
    const grow = control.localName === "a" ? 4 : 2;
    const { left, top, width, height } = { left: box.left - grow, top: box.top - grow, width: box.width + 2 * grow, height: box.height + 2 * grow };
    check(number, place(left, top, width, height, { border: `3px solid ${RED}`, borderRadius: "6px" }), control.localName === "a" || control.localName === "button" ? control : undefined);
    const badge = place(left - SIZE - 3, top + (height - SIZE) / 2, SIZE, SIZE, {
      background: RED, color: "#fff", borderRadius: "50%", font: `700 15px/${SIZE}px sans-serif`, textAlign: "center",
    }, String(number));
    check(number, badge);
  }
  return faults;
}
