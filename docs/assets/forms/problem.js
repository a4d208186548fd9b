// Shows a failure: the page's own block for its code, the message at the field, the title, and focus.

const title = document.title;

/** *problem* is RFC 9457's object as the function sends it, or only its `code` and `vorgang`. */
export function showProblem(problem, minutes) {
  clearProblems();
  const [block] = [problem.code, "stoerung"]
    .map((code) => document.getElementById(`fehler-${code}`))
    .filter((each) => each?.matches(".fehler")); // an address may name any part of the page
  if (!block) return;
  const text = block.querySelector(".fehler__text");
  text.dataset.own ??= text.textContent; // before an answer or a field spoke in its place
  text.replaceChildren(...spoken(problem.title ?? text.dataset.own));
  const errors = problem.errors ?? (block.dataset.field ? [{ field: block.dataset.field, detail: text.textContent }] : []);
  const marked = errors.filter((error) => markField(error.field, error.detail));
  if (marked.length && !block.querySelector(".again")) text.replaceChildren(...marked.flatMap(linkTo));
  if (minutes) text.textContent = `${text.textContent.split(". ")[0].replace(/\.?$/, ".")} ${minutes}`; // in place of "up to an hour"
  showVorgang(block.querySelector(".fehler__vorgang"), problem.vorgang);
  block.classList.add("is-shown");
  block.hidden = false; // for whom the stylesheet got lost
  nameTheFault();
  block.focus();
  if (block.getBoundingClientRect().top < 0) block.scrollIntoView(); // higher than the window: its title comes first
}

/** The title is what a screen reader says first. */
export function nameTheFault() {
  document.title = document.body.dataset.error + title;
}

/** Takes back what the last failure left on the page. */
export function clearProblems() {
  document.title = title;
  for (const block of document.querySelectorAll(".fehler.is-shown")) {
    block.classList.remove("is-shown");
    block.hidden = true;
  }
  for (const field of document.querySelectorAll("[aria-invalid]")) {
    field.removeAttribute("aria-invalid");
    document.getElementById(`${field.id}-fehler`).textContent = "";
  }
  if (!location.hash.startsWith("#fehler-")) return;
  location.replace("#-"); // no part of the page, and no scrolling: Firefox keeps the old :target at a mere new address
  history.replaceState(null, "", location.pathname + location.search);
}

/** Says at the field what is wrong with it; null where the page does not show that field. */
export function markField(name, detail) {
  const field = document.getElementById(name);
  const place = document.getElementById(`${name}-fehler`);
  if (!field || !place) return null;
  const tucked = field.closest("[hidden]"); // a code that came with the link: now another may have to be pasted
  if (tucked) tucked.hidden = false;
  field.setAttribute("aria-invalid", "true");
  place.replaceChildren(...spoken(detail));
  return field;
}

/** The case number, where there is one; the hint on the address bar is for pages without script. */
export function showVorgang(place, vorgang) {
  if (!place) return;
  const known = /^[2-9A-HJ-NP-Z]{3}(-[2-9A-HJ-NP-Z]{3}){2}$/.test(vorgang ?? "");
  place.hidden = !known;
  if (known) place.textContent = `${place.dataset.label}: ${vorgang}`;
}

/** A sentence with the form's English labels marked as such where the page is German (WCAG 3.1.2). */
function spoken(text) {
  const labels = new Map([...document.querySelectorAll("label [lang=en]")].map((each) => [each.textContent, each]));
  if (!labels.size) return [text]; // an empty pattern would part all letters
  const any = [...labels.keys()].map((label) => label.replace(/\W/g, "\\$&")).join("|");
  return text.split(RegExp(`(${any})`)).map((part) => labels.get(part)?.cloneNode(true) ?? part);
}

/** A link from the summary to the field, on a line of its own. */
function linkTo({ field, detail, summary }) {
  const link = document.createElement("a");
  link.href = `#${field}`;
  link.append(...spoken(summary ?? detail));
  link.addEventListener("click", (event) => {
    event.preventDefault(); // a new fragment would hide a message that is shown by :target
    document.getElementById(field).focus();
  });
  return [link, document.createElement("br")];
}
