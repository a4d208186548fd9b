// What the picture shows, in order, without coordinates: texts and controls with their colours. Controls are numbered
// in data-fact, so that the caller can ask the browser for their role and name.
() => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const hex = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return a === 255 ? "#" + [r, g, b].map((part) => part.toString(16).padStart(2, "0")).join("") : null;
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = hex(getComputedStyle(at).backgroundColor);
      if (colour) return colour;
    }
    return hex("Canvas");
  };
  const shown = (element) => element.checkVisibility({ visibilityProperty: true }) && element.getClientRects()[0]?.width > 1;
  const flat = (text) => text.replace(/\s+/g, " ").trim();
  const facts = [];
  for (const element of document.querySelector(".frame").querySelectorAll("h1,h2,h3,p,li,label,a,button,input,summary")) {
    if (!shown(element)) continue;
    const control = element.matches("a,button,input,summary");
    const words = flat(element.innerText);
    if (!control && !words) continue;
    const inked = element.querySelector(".kern-label, .kern-icon") ?? element;
    const fact = { element: element.localName, text: words };
    for (const name of ["type", "placeholder", "autocomplete"]) {
      if (control && element.hasAttribute(name)) fact[name] = element.getAttribute(name);
    }
    fact.colour = hex(getComputedStyle(inked).color) ?? "";
    fact.ground = inked.matches(".kern-icon") ? hex(getComputedStyle(inked).backgroundColor) : ground(inked);
    if (control) element.dataset.fact = facts.length;
    facts.push(fact);
  }
  return facts;
}
