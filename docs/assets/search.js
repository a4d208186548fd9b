// Searches the help of one language. The index comes with the first key, nothing leaves the browser.

const search = document.querySelector(".search");
const form = search.querySelector("form");
const input = search.querySelector("input");
const panel = search.querySelector(".search__panel");
const status = search.querySelector(".search__status");
const results = search.querySelector(".search__results");
const MOST = 8;
let index;

/** One spelling for ä, ae and a, for ß and ss, for capitals and accents. */
export const fold = (text) =>
  text.toLowerCase().replaceAll("ß", "ss").normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/([aou])e/g, "$1").replace(/[^\p{L}\p{N}]+/gu, " ").trim();

async function load() {
  if (index) return index;
  const answer = await fetch(form.dataset.index);
  if (!answer.ok) throw new Error(answer.status);
  const { synonyms, sections } = await answer.json();
  index = {
    groups: synonyms.map((group) => group.map(fold)),
    sections: sections.map((section) => ({ ...section, inPage: fold(section.page), inHeading: fold(section.heading), inText: fold(section.text) })),
  };
  return index;
}

/** A word with what means the same; a compound is looked for by its known part and the rest. */
function alternatives(word, groups) {
  const same = groups.filter((group) => group.some((member) => member === word || (word.length > 3 && member.startsWith(word)))).flat();
  const parts = groups.flat().filter((member) => member.length > 4 && word.length > member.length && word.includes(member));
  return [...new Set([word, ...same, ...parts.flatMap((part) => groups.filter((group) => group.includes(part)).flat())])];
}

/** The guide before all other pages: most questions end there. */
const weight = ({ url }) => (url.split("#")[0] === new URL(form.action).pathname ? 2 : 1);

function score(section, words) {
  let total = 0;
  for (const forms of words) {
    const value = Math.max(...forms.map((text, place) => ((section.inHeading.includes(text) ? 6 : 0) + (section.inPage.includes(text) ? 2 : 0) + (section.inText.includes(text) ? 1 : 0)) * (place ? 1 : 1.5)));
    if (!value) return 0;
    total += value;
  }
  return total * weight(section);
}

export function find(query, { groups, sections }) {
  const words = fold(query).split(" ").filter((word) => word.length > 1).map((word) => alternatives(word, groups));
  if (!words.length) return [];
  const rank = (asked) => sections.map((section) => [score(section, asked), section]).filter(([points]) => points).sort((a, b) => b[0] - a[0]);
  const all = rank(words);
  const some = all.length ? all : words.flatMap((word) => rank([word])).sort((a, b) => b[0] - a[0]);
  return [...new Set(some.map(([, section]) => section))].slice(0, MOST);
}

function show(found) {
  const { none, one, many } = status.dataset;
  status.textContent = found.length === 0 ? none : found.length === 1 ? one : many.replace("{n}", found.length);
  results.replaceChildren(...found.map(item));
  panel.hidden = false;
}

function item({ url, page, heading, text, lang }) {
  const entry = document.createElement("li");
  const link = document.createElement("a");
  link.href = url;
  const title = document.createElement("strong");
  title.textContent = heading;
  if (lang) title.lang = lang; // an English label on a German page
  const where = document.createElement("span");
  where.textContent = heading === page ? text.slice(0, 90) : page;
  link.append(title, " ", where);
  entry.append(link);
  return entry;
}

function close() {
  panel.hidden = true;
}

input.addEventListener("input", async () => {
  if (!input.value.trim()) return close();
  try {
    const loaded = await load();
    if (input.value.trim()) show(find(input.value, loaded));
  } catch {
    status.textContent = status.dataset.failed;
    results.replaceChildren();
    panel.hidden = false;
  }
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  results.querySelector("a")?.focus();
});

search.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    close();
    input.focus();
  }
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const stops = [input, ...results.querySelectorAll("a")];
  const next = stops.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
  if (panel.hidden || !stops[next]) return;
  event.preventDefault();
  stops[next].focus();
});

results.addEventListener("click", close); // a hit on this page leads away from the list without a new page
